using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Title, version and team of a program or game: "Name.v1.2.3.x64-TEAM", "setup_name_1.2", "Name (USA) (Rev 1)".</summary>
internal static class ProgramName
{
    /// <summary>The first word of a version and the word behind it; false without one.</summary>
    public static bool TryVersion(NameReading reading, out int first, out int end)
    {
        var name = reading.Name;
        for (first = reading.Start + 1; first < name.Count; first++)
        {
            var word = name.Word(first);
            var marked = word.Length > 1 && word[0] == 'v' && char.IsAsciiDigit(word[1]);
            var parted = word is "v" or "version" or "ver" or "build" && name.Number(first + 1) >= 0;
            var dotted = char.IsAsciiDigit(word[0]) && first + 1 < name.Count && name[first + 1].Before == Gap.Dot && char.IsAsciiDigit(name.Word(first + 1)[0])
                && name[first].Length <= 3 && name[first].IsNumber && reading.IsOpen(first);
            if (!(marked || parted || dotted))
            {
                continue;
            }

            end = first + (parted ? 2 : 1);
            while (end < name.Count && name[end].Before is Gap.Dot or Gap.Underscore && IsVersionPart(reading, end))
            {
                end++;
            }

            return true;
        }

        end = first;
        return false;
    }

    public static void Fill(NameReading reading, FieldsDraft fields)
    {
        var name = reading.Name;
        if (name.Count == 0)
        {
            return;
        }

        var start = reading.Start + (name.Count > reading.Start + 1 && name.Word(reading.Start) is "setup" or "install" ? 1 : 0);
        var end = Math.Max(reading.TitleEnd, start + 1);
        end = reading.YearAt >= 0 && end == reading.YearAt && name[end].Group == 0 ? NextSure(reading, end + 1) : end;
        if (TryVersion(reading, out var first, out var behind))
        {
            var from = first + (name.Word(first) is "v" or "version" or "ver" or "build" ? 1 : 0);
            fields.Version = name.Raw(from, behind - 1).TrimStart("vV").ToString().Replace('_', '.');
            for (var i = behind; i < name.Count; i++)
            {
                if (reading.TermAt(i) is { Kind: TermKind.Platform } machine)
                {
                    FieldsDraft.Add(ref fields.Platform, machine.Value);
                }
            }

            // "setup_title_2.0.0.3": what is version is no group.
            fields.ReleaseGroup = fields.ReleaseGroup is { } group && fields.Version.EndsWith(group, StringComparison.OrdinalIgnoreCase) ? null : fields.ReleaseGroup;
            end = end < first && reading.TermAt(end) is { Kind: not (TermKind.AudioCodec or TermKind.Source or TermKind.VideoCodec) } ? end : first;
        }

        while (end - 1 > start && end <= name.Count && name.Word(end - 1) is "setup" or "installer" or "install" or "portable")
        {
            end--;
        }

        for (var i = start + 1; i < end && i < name.Count; i++)
        {
            if ((name[i].Before & Gap.Open) != 0)
            {
                end = i;
            }
        }

        if (end >= name.Count && name[name.Count - 1].AfterTightDash && name.Count > start + 1)
        {
            end = name.Count - 1;
            fields.ReleaseGroup ??= name.Raw(end, end).ToString();
        }

        if (fields.ReleaseGroup is null && !name.Text.Contains(' ') && name[name.Count - 1] is { AfterTightDash: true, Shape: not Shape.Number } && end < name.Count
            && reading.TermAt(name.Count - 1) is not { Strength: Strength.Strong, Kind: not TermKind.Game })
        {
            fields.ReleaseGroup = name.Raw(name.Count - 1, name.Count - 1).ToString();
        }

        fields.Title = TitleText.Clean(name.Raw(start, Math.Min(end, name.Count) - 1));
        fields.Year = reading.YearAt >= 0 && reading.YearAt >= end ? fields.Year : null;
        fields.Disc ??= fields.Part;
        fields.Part = null;
    }

    /// <summary>"Iron Fox/setup.exe", "Iron Fox/ironfox.iso", "Iron Fox [ID1]/ID1.wbfs": the folder says it better.</summary>
    public static void FillFromFolder(Entry entry)
    {
        var stem = entry.Path.Stem;
        if (entry.FirstFolder < 0 || stem.Count != 1)
        {
            return;
        }

        var folder = entry.Folder(entry.FirstFolder)!;
        var from = new FieldsDraft { Year = folder.Fields.Year };
        Fill(folder, from);
        if (from.Title is not null && (IsInstaller(stem.Word(0)) || TitleText.SameLetters(from.Title, stem.Text)
            || (folder.Name.Count > 1 && folder.Name[folder.Name.Count - 1].Group != 0 && folder.Name.Word(folder.Name.Count - 1).SequenceEqual(stem.Word(0)))))
        {
            (entry.Fields.Title, entry.Fields.Year) = (from.Title, entry.Fields.Year ?? from.Year);
            entry.Fields.Version ??= from.Version;
        }
    }

    private static bool IsInstaller(ReadOnlySpan<char> word) =>
        word is "setup" or "install" or "installer" or "autorun" or "launcher" or "start" or "game" or "update" or "patch" or "main" or "eboot";

    private static bool IsVersionPart(NameReading reading, int i)
    {
        var word = reading.Name.Word(i);
        return char.IsAsciiDigit(word[0]) && !(reading.TermAt(i) is { Strength: Strength.Strong })
            || word.Length <= 4 && word[0] is 'v' or 'b' or 'r' or 'u' && word.Length > 1 && char.IsAsciiDigit(word[1]);
    }

    private static int NextSure(NameReading reading, int from)
    {
        while (from < reading.End && reading.TermAt(from) is not { Strength: not Strength.Weak })
        {
            from++;
        }

        return from;
    }
}
