using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Resolutions, sources, codecs and other properties of the picture.</summary>
internal static class VideoTerms
{
    public static void AddTo(TermTable table)
    {
        AddResolutions(table);
        AddSources(table);
        AddCodecs(table);
        table
            .Add(Hdr, "HDR10+", Strong, "hdr10plus|hdr10p|hdr10 plus")
            .Add(Hdr, "HDR10", Strong, "hdr10|hdr|hdr 10")
            .Add(Hdr, "DV", Strong, "dovi|dolby vision").Add(Hdr, "DV", Weak, "dv")
            .Add(Hdr, "HLG", Strong, "hlg")
            .Add(Release, "", Strong, "sdr|10bits|hi10p ma l5")
            .Add(BitDepth, "10", Strong, "10bit|10 bit|10 bits|10bits|hi10p|hi10|hi10pp|yuv420p10|ma10p")
            .Add(BitDepth, "8", Strong, "8bit|8 bit|8bits|hi8p").Add(BitDepth, "12", Strong, "12bit|12 bit")
            .Add(ThreeD, "", Strong, "half sbs|h sbs|half ou|h ou|half tab|full sbs|f sbs|hsbs|htab|hou|fsbs|ftab|3d sbs|3d hsbs|3d htab|bd3d|bluray3d|sbs3d")
            .Add(ThreeD, "", Medium, "3d|sbs|mvc|tab").Add(ThreeD, "", Weak, "ou");
    }

    private static void AddResolutions(TermTable table)
    {
        foreach (var lines in (string[])["360", "480", "540", "576", "720", "1080", "1440", "2160", "4320"])
        {
            table.Add(Resolution, lines + "p", Strong,
                $"{lines}p|{lines}p24|{lines}p25|{lines}p30|{lines}p50|{lines}p60|{lines}p23|{lines}px|{lines}pp|{lines}hd|{lines}phd|hd{lines}p|hd {lines}p");
        }

        table
            .Add(Resolution, "480p", Strong, "480i|sd480").Add(Resolution, "576p", Strong, "576i")
            .Add(Resolution, "1080i", Strong, "1080i|1080i50|1080i60|1080i25|1080i30")
            .Add(Resolution, "2160p", Strong, "4k uhd|uhd 4k|4k ultrahd|4k ultra hd|4kuhd").Add(Resolution, "2160p", Medium, "4k|uhd|ultrahd|ultra hd")
            .Add(Resolution, "4320p", Medium, "8k")
            .Add(Resolution, "1080p", Strong, "fhd|full hd|4kto1080p|fullhd1080p")
            .Add(Resolution, "1080p", Weak, "1080").Add(Resolution, "720p", Weak, "720").Add(Resolution, "480p", Weak, "480")
            .Add(Resolution, "2160p", Weak, "2160").Add(Resolution, "576p", Weak, "576");
    }

    private static void AddSources(TermTable table) => table
        .Add(Source, "BluRay", Strong, "blu ray|bluray|bd rip|br rip|bdr|bdmux|bd mux|bdmv|bd50|bd25|bd66|bd100|uhd bd|uhd bluray|bluray rip|bdlight|blurayrip|uhdrip|uhd rip|br disk|bd9|bd5|bdiso|uhdbdrip|mblu ray|bddisk|ultra hd bluray")
        .Add(Source, "BluRay", Weak, "bd")
        .Add(Source, "Remux", Strong, "remux|bd remux|bluray remux|blu ray remux|uhd remux|dvd remux|web remux|brremux|bdrmx|uhd bluray remux")
        .Add(Source, "HD-DVD", Strong, "hd dvd|hddvd rip|hd dvd rip")
        .Add(Source, "WEB-DL", Strong, "web dl|webdl mux|web dl mux|web hd|webhd|netflixhd|netflix hd|netflixuhd|amazonhd|amazon hd|amazonuhd|itunes hd|ituneshd|disneyhd|disney hd|maxdomehd|hbomaxhd|web cap|vod|vodrip|vod rip|itunesuhd")
        .Add(Source, "WEB-DL", Medium, "web")
        .Add(Source, "WEBRip", Strong, "web rip|webmux|web dl rip|web hdrip|webuhd rip|webcap|webdlrip|ppvrip web")
        .Add(Source, "HDTV", Strong, "hdtv|hd tv|hdtv rip|hd tv rip|uhdtv|ahdtv|hdtvmux|tv hd")
        .Add(Source, "SDTV", Strong, "pdtv|dsr|dsrip|ds rip|sat rip|sdtv|tvrip|tv rip|dvb|dvbrip|dvb rip|dtvrip|dvbs|dvb s|dvb t|dth|dthrip|digitaltv|raw hd|rawhd|hdtvs")
        .Add(Source, "DVD", Strong, "dvd rip|dvdr|dvd r|dvd5|dvd9|dvd 5|dvd 9|dvdmux|dvd full|full dvd|ntsc dvd|dvdivx|xdvdrip|dvd10|dvdiso|md dvdr")
        .Add(Source, "DVD", Medium, "dvd|ntsc|pal dvd").Add(Source, "DVD", Weak, "pal")
        .Add(Source, "CAM", Strong, "camrip|cam rip|hdcam|hd cam|hqcam|hdcamrip").Add(Source, "CAM", Weak, "cam")
        .Add(Source, "Telesync", Strong, "telesync|hdts|hd ts|tsrip|ts rip|hqts|pdvdts").Add(Source, "Telesync", Weak, "ts")
        .Add(Source, "Telecine", Strong, "telecine|hdtc|hd tc|tcrip").Add(Source, "Telecine", Weak, "tc")
        .Add(Source, "Screener", Strong, "dvdscr|dvd scr|bdscr|bd scr|brscr|webscr|web scr|hdscr|dvdscreener|dvd screener|scr|predvd|pre dvd|predvdrip|pdvd|bd screener|webscreener")
        .Add(Source, "Screener", Medium, "screener")
        .Add(Source, "Workprint", Medium, "workprint").Add(Source, "Workprint", Weak, "wp")
        .Add(Source, "HDRip", Strong, "hd rip|microhd|micro hd|hdlight|hd light|mhd")
        .Add(Source, "VHS", Strong, "vhsrip|vhs rip").Add(Source, "VHS", Weak, "vhs")
        .Add(Source, "PPV", Strong, "ppvrip|ppv rip").Add(Source, "PPV", Weak, "ppv")
        .Add(Source, "R5", Weak, "r5|r5 line|region 5").Add(Source, "VCD", Strong, "vcd|svcd|xsvcd|xvcd|vcdrip");

    private static void AddCodecs(TermTable table) => table
        .Add(VideoCodec, "H.264", Strong, "x264|h264|h 264|x 264|avc|h264avc|x264hi10p|mpeg4 avc|mpeg 4 avc|h264rip")
        .Add(VideoCodec, "H.265", Strong, "x265|h265|h 265|x 265|hevc|x265hevc|hevc10|hevc 10bit|h265hevc")
        .Add(VideoCodec, "AV1", Strong, "av1").Add(VideoCodec, "VP9", Strong, "vp9").Add(VideoCodec, "VP8", Strong, "vp8")
        .Add(VideoCodec, "XviD", Strong, "xvid|xvid hd|xvidhd|mp4 xvid").Add(VideoCodec, "DivX", Strong, "divx|divx5|divx6|divx 5|divx 6|divx3|dvix")
        .Add(VideoCodec, "MPEG-2", Strong, "mpeg2|mpeg 2|mpeg2video|h262|x262|mpg2").Add(VideoCodec, "MPEG-4", Strong, "mpeg4|mpeg 4")
        .Add(VideoCodec, "VC-1", Strong, "vc1|vc 1")
        .Add(Release, "", Strong, "h266|x266|h 266|vvc|vp7|prores|8bit avc");
}
