using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>"v2" behind the number of an episode or at the end of a film's or an episode's name: a corrected release, and no word of a title.</summary>
internal static class VersionMark
{
    public static bool IsMark(ReadOnlySpan<char> word) => word is ['v', >= '2' and <= '9'];

    /// <summary>Takes the marks out of the titles. For films and series only: elsewhere "v2" is a version or a volume.</summary>
    public static void Claim(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.End; i++)
        {
            if (IsMark(parsed.Name.Word(i)) && i != parsed.GroupIndex && (EndsName(parsed, i + 1) || parsed.Episode?.Last == i - 1))
            {
                parsed.SetRole(i, i, TokenRole.Noise);
                parsed.TitleEnd = Math.Min(parsed.TitleEnd, i);
                parsed.Fields.Proper = true;
                parsed.AddClue("proper", "true", 0.8, "version mark", i, i);
            }
        }
    }

    /// <summary>Whether nothing but tags and release words follows; a year does not end a name, because "Operation V2 (1960)" is a title.</summary>
    public static bool EndsName(ParsedName parsed, int next) => next >= parsed.End || parsed.TermAt(next) is { Strength: TermStrength.Strong }
        || (parsed.Name[next].Bracket == '[' && parsed.RoleAt(next) != TokenRole.Year);
}
