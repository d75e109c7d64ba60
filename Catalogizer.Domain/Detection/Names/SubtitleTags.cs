using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>Tags between the owner's stem and the extension of a subtitle file: ".en.forced".</summary>
internal static class SubtitleTags
{
    private const int MaxTagLength = 16;

    /// <summary>Whether a lower-case word names a language or a kind of subtitle.</summary>
    public static bool IsTag(ReadOnlySpan<char> word) => word is "forced" or "default" or "sdh" or "cc" or "hi" or "full" or "foreign" or "signs" or "songs"
        or "closedcaptions" or "commentary" || LanguageTerms.TryGetCode(word, out _);

    /// <summary>Returns the stem without its tags, which is the owner's stem.</summary>
    public static ReadOnlySpan<char> RemoveFrom(ReadOnlySpan<char> stem)
    {
        Span<char> tag = stackalloc char[MaxTagLength];
        for (var dot = stem.LastIndexOf('.'); dot > 0; dot = stem.LastIndexOf('.'))
        {
            var raw = stem[(dot + 1)..];
            if (raw.IsEmpty || raw.Length > tag.Length || !IsTag(tag[..raw.ToLowerInvariant(tag)]))
            {
                break;
            }

            stem = stem[..dot];
        }

        return stem;
    }
}
