using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Tells names of programs that contain words of other types ("PDF Splitter", "DVD Cover Designer") from books, music and films: there, such a
/// word stands behind the name, here before more of it.
/// </summary>
internal static class ProgramWords
{
    /// <summary>Whether a version, a date or a word about programs follows the name, and no word about media follows that.</summary>
    public static bool FollowName(ParsedName parsed)
    {
        var first = FindProgramWord(parsed);
        if (first < 0 || (parsed.Episode is { Pattern.Weight: > 0.84 } episode && episode.First < first))
        {
            return false;
        }

        var name = parsed.Name;
        var behind = ProgramNameParser.TryFindVersion(parsed, out var version, out _) ? Math.Min(first, version)
            : parsed.DateIndex > parsed.Start ? Math.Min(first, parsed.DateIndex) : first;
        for (var i = behind; i < name.Count; i++)
        {
            if (parsed.TermAt(i) is { } term && IsAboutMedia(term.Kind) && term.Strength != TermStrength.Weak)
            {
                return false;
            }
        }

        return behind > parsed.Start + 1 && parsed.RoleAt(behind - 1) is TokenRole.None or TokenRole.Year && HasMediaWord(parsed, behind);
    }

    /// <summary>Whether a term of this kind is part of a program's name rather than a word about programs.</summary>
    public static bool IsAboutMedia(TermKind kind) => kind is TermKind.Book or TermKind.Magazine or TermKind.Comic or TermKind.AudioBook or TermKind.Music or TermKind.AudioCodec
        or TermKind.Course or TermKind.Source or TermKind.VideoCodec or TermKind.Resolution or TermKind.Hdr or TermKind.ThreeD or TermKind.Channels;

    private static int FindProgramWord(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Software, Strength: not TermStrength.Weak }
                || parsed.TermAt(i) is { Kind: TermKind.Platform, Strength: not TermStrength.Weak } platform && !GameClassifier.IsConsole(platform.Value))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool HasMediaWord(ParsedName parsed, int before)
    {
        for (var i = parsed.Start; i < before; i++)
        {
            if (parsed.TermAt(i) is { } term && IsAboutMedia(term.Kind))
            {
                return true;
            }
        }

        return false;
    }
}
