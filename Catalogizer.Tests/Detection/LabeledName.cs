using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Tests.Detection;

/// <summary>
/// A path with its expected fields: a line of JSON with <c>path</c> and <c>expect</c>. An expectation is a value, null for a field that
/// must be left out, or <c>{"any": [values]}</c>. Lists are compared as sets; letter case, accents, punctuation and spaces do not count.
/// </summary>
internal sealed record LabeledName(string Path, JsonObject Expected)
{
    /// <summary>Fields that only some collections label; a difference in them does not make a detection wrong.</summary>
    private static readonly string[] OptionalFields = ["type", "is_3d", "proper", "bit_depth", "audio_channels", "platform", "languages", "sidecar"];

    /// <summary>Field names that labels use interchangeably.</summary>
    private static readonly Dictionary<string, string[]> EquivalentValues = new()
    {
        ["title"] = ["title", "series", "album"], ["album"] = ["album", "title"], ["series"] = ["series", "title"], ["artist"] = ["artist", "author"],
        ["author"] = ["author", "artist"], ["part"] = ["part", "disc"], ["disc"] = ["disc", "part"], ["season"] = ["season", "seasons"],
        ["seasons"] = ["seasons", "season"], ["season_first"] = ["seasons", "season"], ["episode_first"] = ["episodes", "absolute"], ["episode_last"] = ["episodes", "absolute"],
    };

    public bool HasType => Expected.ContainsKey("type");

    public static IReadOnlyList<LabeledName> Read(string file) =>
    [
        .. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!.AsObject())
            .Select(line => new LabeledName((string)line["path"]!, line["expect"]!.AsObject())),
    ];

    public bool IsTypeRight(Verdict verdict) => Alternatives(Expected["type"]).Any(type => (string?)type == verdict.Type.ToApiName());

    /// <summary>Whether the type, where one is expected, and every field that counts are correct.</summary>
    public bool IsExact(Verdict verdict)
    {
        var found = System.Text.Json.JsonSerializer.SerializeToNode(verdict.Fields)!.AsObject();
        return (!HasType || IsTypeRight(verdict))
            && Expected.Where(field => !OptionalFields.Contains(field.Key)).All(field => Alternatives(field.Value).Any(wanted => Matches(wanted, ReadDetectedValues(field.Key, found))));
    }

    private static JsonArray Alternatives(JsonNode? expected) => expected is JsonObject choice ? choice["any"]!.AsArray() : [expected?.DeepClone()];

    private HashSet<string> ReadDetectedValues(string field, JsonObject found)
    {
        // Without a season in the name, an absolute number is that of the episode.
        var names = field is "episodes" && !Expected.ContainsKey("season") ? ["episodes", "absolute"] : EquivalentValues.GetValueOrDefault(field, [field]);
        var values = ReadValues(names.Select(name => found[name]).FirstOrDefault(value => value is not (null or JsonArray { Count: 0 })));
        return field switch
        {
            "season_first" or "episode_first" when values.Count > 0 => [ParseNumbers(values).Min().ToString(CultureInfo.InvariantCulture)],
            "episode_last" when values.Count > 0 => [ParseNumbers(values).Max().ToString(CultureInfo.InvariantCulture)],
            _ => values,
        };
    }

    private static bool Matches(JsonNode? wanted, HashSet<string> detected) => wanted is JsonArray list
        ? list.Count == detected.Count && list.All(value => Alternatives(value).Any(v => detected.IsSupersetOf(ReadValues(v))))
        : detected.SetEquals(ReadValues(wanted));

    private static HashSet<string> ReadValues(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => Normalize(item!.ToString()))],
        _ => [Normalize(value.ToString())],
    };

    private static IEnumerable<int> ParseNumbers(IEnumerable<string> values) => values.Select(value => int.Parse(value, CultureInfo.InvariantCulture));

    private static string Normalize(string text)
    {
        var letters = text.Replace("&", "and", StringComparison.Ordinal).Normalize(NormalizationForm.FormKD).ToLowerInvariant().Where(char.IsLetterOrDigit);
        return string.Concat(letters) is { Length: > 0 } squashed ? squashed : text;
    }
}
