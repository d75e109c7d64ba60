using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Turns the terms after the title into fields. The first resolution and video codec win; a remux replaces the source it was made from.
/// </summary>
internal sealed class QualityReader : IClueReader
{
    // Field names for explanations, indexed by TermKind; null for kinds that are not explained.
    private static readonly string?[] FactNames = CreateFactNames();

    public void Read(ParsedName parsed)
    {
        for (var i = 0; i < parsed.Name.Count; i++)
        {
            if (parsed.TermLength(i) == 0)
            {
                continue;
            }

            if (IsCounted(parsed, i))
            {
                var term = parsed.TermAt(i)!;
                parsed.TermKinds |= 1UL << (int)term.Kind;
                ApplyTerm(parsed, term, i);
            }
            else if (i >= parsed.TitleEnd)
            {
                // Part of the episode title. Freed, so that the words after it are not mistaken for a release group.
                parsed.SetRole(i, i + parsed.TermLength(i) - 1, TokenRole.None);
            }
        }

        ApplyUltraHd(parsed);
    }

    // "UHD" alone, or in the name of a source ("UHD BluRay"), is a resolution. Beside one that is named it means the disc, unless the source is
    // named as well.
    private static void ApplyUltraHd(ParsedName parsed)
    {
        var fields = parsed.Fields;
        for (var i = parsed.TitleEnd; i < parsed.Name.Count; i++)
        {
            if (parsed.TermLength(i) == 0 || parsed.Name.Word(i) is not ("uhd" or "ultrahd" or "ultra"))
            {
                continue;
            }

            if (parsed.TermAt(i)!.Kind == TermKind.Source && fields.Resolution is null)
            {
                fields.Resolution = "2160p";
                parsed.AddClue("resolution", "2160p", 0.7, "part of the source", i, i);
            }
            else if (parsed.TermAt(i)!.Kind == TermKind.Resolution && fields.Source is null && HasOtherResolution(parsed, i))
            {
                fields.Source = "BluRay";
                parsed.AddClue("source", "BluRay", 0.6, "beside a resolution", i, i);
            }
        }
    }

    private static bool HasOtherResolution(ParsedName parsed, int ultraHd)
    {
        for (var i = parsed.TitleEnd; i < parsed.Name.Count; i++)
        {
            if (parsed.TermLength(i) > 0 && i != ultraHd && parsed.TermAt(i)!.Kind == TermKind.Resolution)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCounted(ParsedName parsed, int i)
    {
        if (i < parsed.TitleEnd)
        {
            return i < parsed.Start && parsed.Name[i].BracketGroup != 0 && parsed.TermAt(i)!.Strength == TermStrength.Strong;
        }

        // The episode title is between the episode number and the release words, so a weaker term there may belong to it.
        var term = parsed.TermAt(i)!;
        return term.Strength switch
        {
            TermStrength.Strong => true,
            _ when parsed.Name[i].BracketGroup != 0 => true,
            _ when parsed.Episode is null && (parsed.DateIndex < 0 || HasProgramWordsAfterDate(parsed)) => true,
            _ => i >= parsed.WeakTermsStart || PrecedesStrongTerm(parsed, i) || EndsEpisodeTitle(parsed, i, term),
        };
    }

    // "Name.2020.05.05.WinAll-TEAM", "Name.2020.05.05.Portable-TEAM": nothing but such words and the group follow the date.
    private static bool HasProgramWordsAfterDate(ParsedName parsed)
    {
        var name = parsed.Name;
        var isProgram = false;
        for (var i = parsed.DateEndIndex + 1; i < name.Count; i++)
        {
            if (parsed.TermAt(i) is { } term)
            {
                isProgram |= term is { Kind: TermKind.Software or TermKind.Platform, Strength: not TermStrength.Weak };
            }
            else if (i + 1 < name.Count || !name[i].IsAfterTightDash)
            {
                return false;
            }
        }

        return isProgram;
    }

    private static bool PrecedesStrongTerm(ParsedName parsed, int i)
    {
        while (i < parsed.End && parsed.RoleAt(i) == TokenRole.Term && parsed.TermAt(i)!.Strength != TermStrength.Strong)
        {
            i++;
        }

        return i < parsed.End ? parsed.RoleAt(i) != TokenRole.None : !parsed.Name.Text.Contains(' ') || HasOnlyTermsAfterEpisode(parsed);
    }

    // "Title S01E02 Cold Tea Extended Cut", but "Title S01E02 The Final Cut"
    private static bool EndsEpisodeTitle(ParsedName parsed, int i, Term term)
    {
        var first = Math.Max(parsed.Episode?.Last ?? 0, parsed.DateEndIndex) + 1;
        return term is { Kind: TermKind.Edition, Strength: TermStrength.Medium } && i > first && i + parsed.TermLength(i) == parsed.End
            && (parsed.TermLength(i) > 1 || parsed.Name[i].IsAfterSpacedDash || LetterCase.IsShouted(parsed.Name, first, i))
            && !TitleEndReader.IsConnectingWord(parsed.Name.Word(i - 1)) && parsed.Name.Word(i - 1) is not ("a" or "an" or "my");
    }

    // "Title S01E02 German": only release words follow. "Title - S01E02 - Speaking German": the words are a title.
    private static bool HasOnlyTermsAfterEpisode(ParsedName parsed)
    {
        var first = Math.Max(parsed.Episode?.Last ?? 0, parsed.DateEndIndex) + 1;
        for (var i = first; i < parsed.End; i++)
        {
            if (parsed.Name[first].IsAfterSpacedDash || parsed.RoleAt(i) == TokenRole.None)
            {
                return false;
            }
        }

        return true;
    }

    private static void ApplyTerm(ParsedName parsed, Term term, int i)
    {
        var fields = parsed.Fields;
        switch (term.Kind)
        {
            case TermKind.Resolution:
                fields.Resolution = SelectResolution(parsed, fields.Resolution, term, i);
                break;
            case TermKind.Source:
                fields.Source = SelectSource(parsed, fields.Source, term, i);
                break;
            case TermKind.VideoCodec:
                fields.VideoCodec ??= term.Value;
                break;
            case TermKind.AudioCodec:
                MediaFieldsBuilder.Add(ref fields.AudioCodec, term.Value);
                fields.AudioChannels ??= term.Channels;
                break;
            case TermKind.Channels:
                fields.AudioChannels ??= FollowsAudioTerm(parsed, i) ? term.Value : null;
                break;
            case TermKind.Hdr:
                MediaFieldsBuilder.Add(ref fields.Hdr, term.Value);
                break;
            case TermKind.Edition when term.Value.Length > 0:
                MediaFieldsBuilder.Add(ref fields.Edition, term.Value);
                break;
            case TermKind.Platform:
                MediaFieldsBuilder.Add(ref fields.Platform, term.Value);
                break;
            case TermKind.BitDepth:
                fields.BitDepth ??= term.Value is "8" ? 8 : term.Value is "12" ? 12 : 10;
                break;
            case TermKind.Extra:
                fields.Extra ??= i > parsed.YearIndex && (parsed.YearIndex >= 0 || i > parsed.WeakTermsStart) ? term.Value : null;
                break;
            case TermKind.ThreeD:
                fields.Is3D = true;
                break;
            case TermKind.Proper:
                fields.Proper |= !(parsed.Name.Is(i, "real") && parsed.TermLength(i) == 1);
                break;
        }

        if (parsed.Clues is not null && term.Value.Length > 0 && FactNames[(int)term.Kind] is { } fact)
        {
            parsed.AddClue(fact, term.Value, term.Strength == TermStrength.Strong ? 0.95 : 0.8, "word", i, i + Math.Max(1, parsed.TermLength(i)) - 1);
        }
    }

    private static string?[] CreateFactNames()
    {
        var names = new string?[Enum.GetValues<TermKind>().Length];
        names[(int)TermKind.Resolution] = "resolution";
        names[(int)TermKind.Source] = "source";
        names[(int)TermKind.VideoCodec] = "video_codec";
        names[(int)TermKind.AudioCodec] = "audio_codec";
        names[(int)TermKind.Channels] = "audio_channels";
        names[(int)TermKind.Hdr] = "hdr";
        names[(int)TermKind.Edition] = "edition";
        names[(int)TermKind.BitDepth] = "bit_depth";
        names[(int)TermKind.Platform] = "platform";
        return names;
    }

    // The first source wins, but a remux replaces what it was made from, WEBRip or HDRip replaces WEB-DL, and a strong term a weak one.
    private static string SelectSource(ParsedName parsed, string? known, Term term, int i)
    {
        if (known is null || term.Value == "Remux" || (known == "WEB-DL" && term.Value is "WEBRip" or "HDRip"))
        {
            return term.Value;
        }

        return known != "Remux" && term.Strength == TermStrength.Strong && !HasTermBefore(parsed, TermKind.Source, TermStrength.Medium, i) ? term.Value : known;
    }

    private static bool HasTermBefore(ParsedName parsed, TermKind kind, TermStrength minStrength, int before)
    {
        for (var k = parsed.TitleEnd; k < before; k++)
        {
            if (parsed.TermAt(k) is { } term && term.Kind == kind && term.Strength >= minStrength)
            {
                return true;
            }
        }

        return false;
    }

    // A strong term replaces a weaker one such as a bare "1080" or "4K".
    private static string SelectResolution(ParsedName parsed, string? known, Term term, int i)
    {
        var keepsKnown = known is not null && (term.Strength != TermStrength.Strong || HasTermBefore(parsed, TermKind.Resolution, TermStrength.Strong, i));
        return keepsKnown ? known! : term.Value;
    }

    private static bool FollowsAudioTerm(ParsedName parsed, int i) =>
        parsed.Name[i].Kind != TokenKind.Number || parsed.TermLength(i) < 2
            || (i > 0 && parsed.TermAt(i - 1) is { Kind: TermKind.AudioCodec or TermKind.Source or TermKind.Release or TermKind.VideoCodec or TermKind.Resolution or TermKind.Language });
}
