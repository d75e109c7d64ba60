using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection;

/// <summary>Verdicts as JSON for scripts: <c>{"path","type","confidence","fields":{…}}</c>, one object per line.</summary>
public static class VerdictJson
{
    private static readonly JsonSerializerOptions SerializerOptions = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonObject Create(string path, Verdict verdict, bool explain)
    {
        var json = new JsonObject
        {
            ["path"] = path,
            ["type"] = verdict.Type.ToApiName(),
            ["confidence"] = verdict.Confidence,
            ["fields"] = JsonSerializer.SerializeToNode(verdict.Fields, SerializerOptions),
        };
        if (explain)
        {
            json["clues"] = JsonSerializer.SerializeToNode(verdict.Clues, SerializerOptions);
        }

        return json;
    }

    /// <summary>Writes one object and flushes the writer, which may then be reset for the next.</summary>
    public static void Write(Utf8JsonWriter writer, string path, Verdict verdict, bool explain)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(verdict);
        writer.WriteStartObject();
        writer.WriteString("path"u8, path);
        writer.WriteString("type"u8, verdict.Type.ToApiName());
        writer.WriteNumber("confidence"u8, verdict.Confidence);
        writer.WritePropertyName("fields"u8);
        JsonSerializer.Serialize(writer, verdict.Fields, VerdictJsonContext.Default.MediaFields);
        if (explain)
        {
            writer.WritePropertyName("clues"u8);
            JsonSerializer.Serialize(writer, verdict.Clues, SerializerOptions);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Creates a writer for <see cref="Write"/> that does not escape the letters of any script.</summary>
    public static Utf8JsonWriter CreateWriter(Stream output) => new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Serialises fields without reflection, because one run may write a million names.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MediaFields))]
internal sealed partial class VerdictJsonContext : JsonSerializerContext;
