using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Codecs and channel counts with a number of tracks: "FLACx2", "2xAAC", "DDP5.1x2", "FLAC x2". The number has no field.</summary>
internal static class SoundMark
{
    private static readonly Term TrackCount = new(TermKind.Release, "", TermStrength.Weak);

    public static bool TryRead(ParsedName parsed, int i, out Term term, out int words)
    {
        var name = parsed.Name;
        term = TrackCount;
        words = 1;
        if (name[i].Kind == TokenKind.Mixed && name[i].Length == 2)
        {
            return (EndsWithCount(name.Word(i)) && IsSound(parsed, i - 1)) || (StartsWithCount(name.Word(i)) && i + 1 < name.Count && TryFind(parsed, i + 1, 0, out _, out _));
        }

        var prefix = name[i].Kind == TokenKind.Mixed && StartsWithCount(name.Word(i)) ? 2 : 0;
        if (prefix > 0 && TryFind(parsed, i, prefix, out term, out words))
        {
            return true;
        }

        for (var last = i; last < Math.Min(i + Lexicon.MaxWords, name.Count); last++)
        {
            if (name[last].Kind == TokenKind.Mixed && EndsWithCount(name.Word(last)))
            {
                words = last - i + 1;
                return TryFindWords(parsed, i, words, prefix, 2, out term);
            }
        }

        return false;
    }

    // The longest spelling first. A channel count needs the codec in front of it: "Area 5 1x2" is an episode.
    private static bool TryFind(ParsedName parsed, int i, int prefix, out Term term, out int words)
    {
        for (words = Math.Min(Lexicon.MaxWords, parsed.Name.Count - i); words > 0; words--)
        {
            if (TryFindWords(parsed, i, words, prefix, 0, out term))
            {
                return true;
            }
        }

        term = null!;
        return false;
    }

    private static bool TryFindWords(ParsedName parsed, int i, int words, int prefix, int suffix, out Term term)
    {
        term = null!;
        var phrase = parsed.Name.Phrase(i, words);
        return phrase.Length > prefix + suffix && TermReader.CanFormPhrase(parsed, i, words) && Lexicon.TryFind(phrase[prefix..^suffix], out term)
            && (term.Kind == TermKind.AudioCodec || (term.Kind == TermKind.Channels && IsSound(parsed, i - 1)));
    }

    private static bool IsSound(ParsedName parsed, int i) => i >= 0 && parsed.TermAt(i) is { Kind: TermKind.AudioCodec or TermKind.Channels };

    private static bool EndsWithCount(ReadOnlySpan<char> word) => word is [.., 'x' or '×', >= '2' and <= '9'];

    private static bool StartsWithCount(ReadOnlySpan<char> word) => word is [>= '2' and <= '9', 'x' or '×', ..];
}
