using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Audio codecs, channel counts and the words of music releases.</summary>
internal static class AudioTerms
{
    private static readonly string[] ChannelCounts = ["1 0", "2 0", "2 1", "3 1", "4 0", "5 0", "5 1", "6 1", "7 1"];

    public static void AddTo(TermTable table)
    {
        AddCodec(table, "AAC", "aac|he aac|heaac|aac lc|qaac|he aacv2|heaacv2|aacv2|lcaac");
        AddCodec(table, "AC3", "ac3|ac 3|dd|dolby digital|ac3d|ac3md|dd ex|ddex|ac3dl|dubbedac3");
        AddCodec(table, "EAC3", "eac3|e ac3|e ac 3|ddp|dd p|ddplus|dolby digital plus|ddpa|eac3d|ddplus");
        AddCodec(table, "DTS", "dts|dts es|dtses|dtsd|dtsdl");
        AddCodec(table, "DTS-HD", "dts hd");
        AddCodec(table, "DTS-HD MA", "dts hd ma|dts ma|dtshd ma|dts hd master audio|dts hdma|dts hd masters|dtshdma");
        AddCodec(table, "DTS-HD HRA", "dts hd hra|dts hra|dts hd hr|dtshd hra|dts hr");
        AddCodec(table, "DTS:X", "dts x");
        AddCodec(table, "TrueHD", "truehd|true hd|dolby truehd");
        AddCodec(table, "Atmos", "atmos|dolby atmos");
        AddCodec(table, "FLAC", "flac");
        AddCodec(table, "MP3", "mp3");
        AddCodec(table, "Opus", "opus", Medium);
        AddCodec(table, "PCM", "lpcm|pcm");
        table
            .Add(AudioCodec, "MP2", Strong, "mp2").Add(AudioCodec, "ALAC", Strong, "alac").Add(AudioCodec, "Vorbis", Strong, "vorbis|ogg")
            .Add(AudioCodec, "WAV", Strong, "wav").Add(AudioCodec, "APE", Weak, "ape").Add(AudioCodec, "WavPack", Strong, "wavpack")
            .Add(AudioCodec, "WMA", Strong, "wma")
            .Add(Channels, "2.0", Weak, "2ch|2 ch|stereo").Add(Channels, "1.0", Weak, "1ch|mono").Add(Channels, "5.1", Strong, "6ch|5 1ch|51ch")
            .Add(Channels, "7.1", Strong, "8ch|7 1ch");
        foreach (var count in ChannelCounts)
        {
            table.Terms.TryAdd(count, new Term(Channels, count.Replace(' ', '.'), Weak));
        }

        AddMusic(table);
    }

    private static void AddCodec(TermTable table, string value, string words, TermStrength strength = Strong)
    {
        var term = new Term(AudioCodec, value, words == "dd" ? Weak : strength);
        foreach (var word in AddDubLetters(words.Split('|')))
        {
            table.AddSpellings(word, word is "dd" or "dd p" ? term with { Strength = Weak } : term);
            foreach (var count in word.Count(' ') + 2 > Lexicon.MaxWords ? [] : ChannelCounts)
            {
                var carrying = term with { Channels = count.Replace(' ', '.') };
                foreach (var stem in (string[])[word, word.Replace(" ", "", StringComparison.Ordinal)])
                {
                    table.Terms.TryAdd(stem + count, carrying);
                    table.Terms.TryAdd(stem + count.Replace(" ", "", StringComparison.Ordinal), carrying);
                }
            }
        }
    }

    // "EAC3D", "AC3LD", "DTSMAD": dubbed, line dubbed, two languages. Behind digits the letters only count when glued: "AC 3D" is something else.
    private static IEnumerable<string> AddDubLetters(string[] words) => words.Concat(
        from word in words
        where word.Length > 2 && word is not ("pcm" or "opus" or "dd p")
        from letters in (string[])["d", "l", "ld", "md", "dl"]
        select (char.IsAsciiDigit(word[^1]) || word[^2] == ' ' ? word.Replace(" ", "", StringComparison.Ordinal) : word) + letters).Distinct();

    private static void AddMusic(TermTable table) => table
        .Add(Music, "bitrate", Strong, "kbps|320kbps|256kbps|192kbps|128kbps|vbr|cbr|mp3 320|mp3 256|mp3 192|mp3 v0|kb s|kbit s|flac 24bit|flac 16bit|mp3 kbps")
        .Add(Music, "bitrate", Weak, "v0|320|256|192|128|lossless|hi res|24 96|24 48|24 44|24 192|24bit|16bit|vinyl|lp|ep|cda|cdda|2cd|3cd|4cd|5cd|6cd|cd|cds|cdm|cdep|cdr|2lp|single|advance|promo|bootleg|ost|dab|sat|fm|log|cue|web single")
        .Add(Music, "all", Medium, "discography|discografia|discographie|diskographie|studio discography|complete discography")
        .Add(Music, "album", Medium, "soundtrack|original soundtrack|mixtape|greatest hits");
}
