using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection;

/// <summary>Verdicts as scripts read them: <c>{"path","type","confidence","fields":{…}}</c>, one object on one line.</summary>
public static class VerdictJson
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonObject Of(string path, Verdict verdict, bool explain)
    {
        var answer = new JsonObject
        {
            ["path"] = path,
            ["type"] = verdict.Type.Word(),
            ["confidence"] = verdict.Confidence,
            ["fields"] = JsonSerializer.SerializeToNode(verdict.Fields, Plain),
        };
        if (explain)
        {
            answer["clues"] = JsonSerializer.SerializeToNode(verdict.Clues, Plain);
        }

        return answer;
    }

    public static string Line(string path, Verdict verdict, bool explain) => Of(path, verdict, explain).ToJsonString(Plain);
}
