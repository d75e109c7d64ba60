using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Release words, most of which have no field and only mark the end of the title.</summary>
internal static class ReleaseTerms
{
    public static void AddTo(TermTable table) => table
        .Add(Proper, "", Medium, "proper|repack|rerip|real proper|repack2|proper2").Add(Proper, "", Weak, "real|v2|v3|v4|fix")
        .Add(Release, "", Medium, "readnfo|read nfo|dirfix|nfofix|internal|retail|hybrid|dual audio|dualaudio|multi audio|multi subs|multisubs|multisub|multiple subtitle|dual audios|hardsub|softsub|hardsubs|subpack|custom|10 bits")
        .Add(Release, "", Medium, "esub|esubs|e subs|msub|msubs|nordicsubs|dksubs|nlsubs|engsub|eng subs|eng sub|vostfr|subfrench|subtitlefrench|multidub|multi dub|chs eng subs|swesub|nlsub|hebsub")
        .Add(Release, "", Weak, "repost|ws|fs|hc|int|dubbed|dub|dl|ml|subbed|subs|sub|subtitles|line|md|ld|multi|dual|dual lang|complete|batch|extras|final|end|docu|doku|stv|hq|lq|hd|sd|uhd|b&w|upscale|ai|ds4k|ai upscale|audio|dualaudio|dubbed line|regraded|colorized|hdlight|custom|hfr|60fps|50fps|30fps|25fps|24fps|rip|raw|mkv|mp4|avi|mp 4|cbr|webm|kor|untouched|audiopack|ita eng|v0|no rars|norars|bonus|ovas|ova|oad|ona|ncop|nced|bdrip audio|dvdivx|1ch audio|tv version")
        .Add(Release, "", Weak, "nf|amzn|dsnp|hmax|max|hulu|atvp|pcok|pmtp|hbo|ip|itv|all4|stan|cr|funi|crav|crkn|dsny|mnbc|amc|bkpl|ae|red|sho|stz|starz|nick|cbs|nbc|abc|fox|cw|vice|itunes|ma|vudu|bcore|playz|hallmark|ctv|roku|tubi|viki|now|hotstar|hs|zee5|sonyliv|jc|jio|aha|sunnxt|baha|bilibili|b global|yt|yk|iq|ytv|netflix|disney|tver|unext|abema|adn|wakanim|hidive|vrv|dscp|discovery|peacock|iplayer|appletv")
        .Add(Extra, "sample", Weak, "sample").Add(Extra, "proof", Weak, "proof").Add(Extra, "trailer", Weak, "trailer|teaser")
        .Add(Show, "", Strong, "complete series|the complete series|full series|the full series|entire series|the entire series|whole series|the whole series|complete seasons|the complete seasons|komplette serie|die komplette serie|komplett serie|serie completa|la serie completa|serie complete|série complète|la série complète|série intégrale|hele serien|hela serien|complete serie|miniseries|mini series|tv series|complete tv series")
        .Add(Anime, "", Medium, "anime").Add(Anime, "", Weak, "fansub|fansubs|chs|cht|gb|big5|jpn|jap sub|tv")
        .Add(Sport, "", Weak, "nhl|nba|nfl|mlb|ufc|wwe|motogp|formula1|f1")
        .Add(Course, "", Strong, "bookware|elearning|e learning|tutorial hd");
}
