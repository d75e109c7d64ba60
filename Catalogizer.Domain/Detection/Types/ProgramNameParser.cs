using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Title, version and release group of a program or game: "Name.v1.2.3.x64-TEAM", "setup_name_1.2", "Name (USA) (Rev 1)".</summary>
internal static class ProgramNameParser
{
    /// <summary>Finds the first word of a version and the word after it; false without one.</summary>
    public static bool TryFindVersion(ParsedName parsed, out int first, out int end)
    {
        var name = parsed.Name;
        for (first = parsed.Start + 1; first < name.Count; first++)
        {
            var word = name.Word(first);
            var marked = word.Length > 1 && word[0] == 'v' && char.IsAsciiDigit(word[1]) || word.Length > 3 && word.StartsWith("ver") && char.IsAsciiDigit(word[3]);
            var parted = word is "v" or "version" or "ver" or "build" && name.Number(first + 1) >= 0;
            var dotted = char.IsAsciiDigit(word[0]) && first + 1 < name.Count && name[first + 1].SeparatorBefore == Separator.Dot && char.IsAsciiDigit(name.Word(first + 1)[0])
                && name[first].Length <= 3 && name[first].IsNumber && parsed.IsClaimable(first);
            if (!(marked || parted || dotted))
            {
                continue;
            }

            end = first + (parted ? 2 : 1);
            end += IsDay(name, end - 1) ? 2 : 0;
            while (end < name.Count && name[end].SeparatorBefore is Separator.Dot or Separator.Underscore && IsVersionPart(parsed, end))
            {
                end++;
            }

            return true;
        }

        end = first;
        return false;
    }

    // "v2023-04-05"
    private static bool IsDay(TokenizedName name, int year) => year + 2 < name.Count && name.Word(year).TrimStart("verv").Length == 4
        && name[year + 1] is { IsAfterTightDash: true, Length: 2 } && name[year + 2] is { IsAfterTightDash: true, Length: 2 }
        && name.Number(year + 1) is > 0 and <= 12 && name.Number(year + 2) is > 0 and <= 31;

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        if (name.Count == 0)
        {
            return;
        }

        var start = parsed.Start + (name.Count > parsed.Start + 1 && name.Word(parsed.Start) is "setup" or "install" ? 1 : 0);
        var end = ReadVersion(parsed, fields, start, FindTitleEnd(parsed, start));
        while (end - 1 > start && end <= name.Count && name.Word(end - 1) is "setup" or "installer" or "install" or "portable")
        {
            end--;
        }

        end = Math.Min(end, name.FindBracketStart(start + 1, name.Count));
        end = ReadReleaseGroup(parsed, fields, start, end);
        fields.Title = TitleCleaner.Clean(name.RawText(start, Math.Min(end, name.Count) - 1));
        fields.Year = parsed.YearIndex >= 0 && parsed.YearIndex >= end ? fields.Year : null;
        fields.Disc ??= fields.Part;
        fields.Part = null;
    }

    // The title ends at the first word about programs, or else where it would end for any type.
    private static int FindTitleEnd(ParsedName parsed, int start)
    {
        var end = Math.Max(parsed.TitleEnd, start + 1);
        if (end < parsed.End && parsed.TermAt(end) is { } term && BelongsToTitle(parsed, term.Kind, end))
        {
            end = FindNextCertain(parsed, end + 1);
        }

        return parsed.YearIndex >= 0 && end == parsed.YearIndex && parsed.Name[end].BracketGroup == 0 ? FindNextCertain(parsed, end + 1) : end;
    }

    // "Corvane PDF Splitter x64": more of the name follows such a word. Games have a source behind the title: "Iron_Fox_DVD5_PAL_Wii".
    private static bool BelongsToTitle(ParsedName parsed, TermKind kind, int i) => ProgramWords.IsAboutMedia(kind) && parsed.IsFree(i + 1) && i + 1 < parsed.End
        && (parsed.Name[i + 1].SeparatorBefore & (Separator.Open | Separator.Close)) == 0 && !(i + 2 >= parsed.End && parsed.Name[i + 1].IsAfterTightDash)
        && (kind is TermKind.Book or TermKind.Magazine or TermKind.Comic or TermKind.AudioBook or TermKind.Music or TermKind.AudioCodec or TermKind.Course
            || parsed.HasTerm(TermKind.Software));

    // Returns the end of the title, which a version ends too.
    private static int ReadVersion(ParsedName parsed, MediaFieldsBuilder fields, int start, int end)
    {
        var name = parsed.Name;
        var hasVersion = TryFindVersion(parsed, out var first, out var versionEnd);
        if (!hasVersion && parsed.DateIndex <= start)
        {
            return end;
        }

        // "Name 2024.01.31", "Name 2024.01.31 build 7": a day behind the name is the version.
        if (!hasVersion || (parsed.DateIndex > start && parsed.DateIndex < first && name.Is(first, "build")))
        {
            (fields.Version, fields.Date) = (name.RawText(parsed.DateIndex, parsed.DateEndIndex).ToString().Replace('_', '.'), null);
            return Math.Min(end, parsed.DateIndex);
        }

        var from = first + (name.Word(first) is "v" or "version" or "ver" or "build" ? 1 : 0);
        fields.Version = name.RawText(from, versionEnd - 1).TrimStart("verVER").ToString().Replace('_', '.');
        for (var i = versionEnd; i < name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Platform } platform)
            {
                MediaFieldsBuilder.Add(ref fields.Platform, platform.Value);
            }
        }

        // "v2" alone would be a second release of the same.
        fields.Proper &= parsed.TermAt(first) is not { Kind: TermKind.Proper } || parsed.HasMediumTerm(TermKind.Proper);

        // "setup_title_2.0.0.3": a part of the version is not a release group.
        fields.ReleaseGroup = fields.ReleaseGroup is { } group && fields.Version.EndsWith(group, StringComparison.OrdinalIgnoreCase) ? null : fields.ReleaseGroup;
        return end < first && parsed.TermAt(end) is { } term && !ProgramWords.IsAboutMedia(term.Kind) ? end : first;
    }

    // Returns the end of the title, which a group directly behind it ends too.
    private static int ReadReleaseGroup(ParsedName parsed, MediaFieldsBuilder fields, int start, int end)
    {
        var name = parsed.Name;
        var last = FindLastWord(parsed);
        if (parsed.GroupIndex >= 0 && (parsed.GroupIndex < end || fields.ReleaseGroup?.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0))
        {
            fields.ReleaseGroup = null;
        }

        if (end > last && name[last].IsAfterTightDash && last > start && !IsHyphenated(parsed, start))
        {
            end = last;
            fields.ReleaseGroup ??= parsed.TermAt(end) is { Kind: TermKind.Software } ? null : name.RawText(end, end).ToString();
        }

        if (fields.ReleaseGroup is null && !name.Text.Contains(' ') && name[last] is { IsAfterTightDash: true, Kind: not TokenKind.Number } && end <= last
            && parsed.TermAt(last) is not { Strength: TermStrength.Strong, Kind: not TermKind.Game })
        {
            fields.ReleaseGroup = name.RawText(last, last).ToString();
        }

        return end;
    }

    // "Spider-Man", "Half-Life 2": without another separator than spaces, a dash joins the words of a title, unless a known group follows.
    private static bool IsHyphenated(ParsedName parsed, int start)
    {
        var name = parsed.Name;
        var raw = name.RawText(start, name.Count - 1);
        return !raw.ContainsAny('.', '_') && parsed.TermAt(name.Count - 1) is null && !GameTerms.IsGameReleaseGroup(name.Word(name.Count - 1));
    }

    // The last word that is not what a reposter added.
    private static int FindLastWord(ParsedName parsed)
    {
        var last = parsed.Name.Count - 1;
        while (last > 0 && parsed.RoleAt(last) == TokenRole.Noise)
        {
            last--;
        }

        return last;
    }

    /// <summary>"Iron Fox/setup.exe", "Iron Fox/ironfox.iso", "Iron Fox [ID1]/ID1.wbfs": the folder has the better title.</summary>
    public static void FillFromFolder(PathContext context)
    {
        var stem = context.Path.Stem;
        if (context.ItemFolderIndex < 0 || stem.Count != 1)
        {
            return;
        }

        var folder = context.GetFolder(context.ItemFolderIndex)!;
        var from = new MediaFieldsBuilder { Year = folder.Fields.Year };
        Fill(folder, from);
        if (from.Title is not null && (IsInstaller(stem.Word(0)) || TitleCleaner.HasSameLetters(from.Title, stem.Text)
            || (folder.Name.Count > 1 && folder.Name[folder.Name.Count - 1].BracketGroup != 0 && folder.Name.Word(folder.Name.Count - 1).SequenceEqual(stem.Word(0)))))
        {
            (context.Fields.Title, context.Fields.Year) = (from.Title, context.Fields.Year ?? from.Year);
            context.Fields.Version ??= from.Version;
        }
    }

    private static bool IsInstaller(ReadOnlySpan<char> word) =>
        word is "setup" or "install" or "installer" or "autorun" or "launcher" or "start" or "game" or "update" or "patch" or "main" or "eboot";

    private static bool IsVersionPart(ParsedName parsed, int i)
    {
        var word = parsed.Name.Word(i);
        return char.IsAsciiDigit(word[0]) && !(parsed.TermAt(i) is { Strength: TermStrength.Strong })
            || word.Length <= 4 && word[0] is 'v' or 'b' or 'r' or 'u' && word.Length > 1 && char.IsAsciiDigit(word[1]);
    }

    private static int FindNextCertain(ParsedName parsed, int from)
    {
        while (from < parsed.End && parsed.TermAt(from) is not { Strength: not TermStrength.Weak })
        {
            from++;
        }

        return from;
    }
}
