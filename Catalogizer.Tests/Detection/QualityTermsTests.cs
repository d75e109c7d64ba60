namespace Catalogizer.Tests.Detection;

public sealed class QualityTermsTests
{
    [Theory]
    [InlineData("720p", "720p")]
    [InlineData("1080i", "1080i")]
    [InlineData("4K.UHD", "2160p")]
    [InlineData("1920x1080", "1080p")]
    [InlineData("1280x720", "720p")]
    [InlineData("3840x2160", "2160p")]
    [InlineData("848x480", "480p")]
    public void Detect_PictureSize_GivesResolution(string words, string expected) =>
        Assert.Equal(expected, TestDetection.Detect($"Quiet.Water.2001.{words}.x264-TEAM.mkv").Fields.Resolution);

    [Theory]
    [InlineData("BDRip", "BluRay")]
    [InlineData("Blu-ray", "BluRay")]
    [InlineData("BluRay.1080p.REMUX", "Remux")]
    [InlineData("WEB-DL", "WEB-DL")]
    [InlineData("WEB", "WEB-DL")]
    [InlineData("WEBRip", "WEBRip")]
    [InlineData("HDTV", "HDTV")]
    [InlineData("PDTV", "SDTV")]
    [InlineData("DVDRip", "DVD")]
    [InlineData("HDCAM", "CAM")]
    [InlineData("TS.x264", "Telesync")]
    public void Detect_SourceWord_GivesSource(string words, string expected) =>
        Assert.Equal(expected, TestDetection.Detect($"Quiet.Water.2001.{words}-TEAM.mkv").Fields.Source);

    [Theory]
    [InlineData("x264", "H.264")]
    [InlineData("H.265", "H.265")]
    [InlineData("HEVC", "H.265")]
    [InlineData("AV1", "AV1")]
    [InlineData("XviD", "XviD")]
    [InlineData("VC-1", "VC-1")]
    public void Detect_CodecWord_GivesCodec(string words, string expected) =>
        Assert.Equal(expected, TestDetection.Detect($"Quiet.Water.2001.1080p.{words}-TEAM.mkv").Fields.VideoCodec);

    [Theory]
    [InlineData("DDP5.1.Atmos", "EAC3,Atmos", "5.1")]
    [InlineData("DTS-HD.MA.7.1", "DTS-HD MA", "7.1")]
    [InlineData("TrueHD 7.1", "TrueHD", "7.1")]
    [InlineData("AAC2.0", "AAC", "2.0")]
    [InlineData("AC3", "AC3", null)]
    public void Detect_AudioWord_GivesCodecAndChannels(string words, string codecs, string? channels)
    {
        var fields = TestDetection.Detect($"Quiet.Water.2001.1080p.{words}.x264-TEAM.mkv").Fields;

        Assert.Equal(codecs.Split(','), fields.AudioCodec);
        Assert.Equal(channels, fields.AudioChannels);
    }

    [Theory]
    [InlineData("HDR", "HDR10")]
    [InlineData("HDR10Plus", "HDR10+")]
    [InlineData("DV.HDR10", "DV,HDR10")]
    public void Detect_HdrWord_GivesHdr(string words, string expected) =>
        Assert.Equal(expected.Split(','), TestDetection.Detect($"Quiet.Water.2001.2160p.{words}.x265-TEAM.mkv").Fields.Hdr);

    [Theory]
    [InlineData("Director's Cut", "Director's Cut")]
    [InlineData("EXTENDED", "Extended")]
    [InlineData("Unrated", "Unrated")]
    [InlineData("REMASTERED", "Remastered")]
    [InlineData("IMAX", "IMAX")]
    public void Detect_EditionWord_GivesEdition(string words, string expected) =>
        Assert.Equal([expected], TestDetection.Detect($"Quiet Water 2001 {words} 1080p BluRay.mkv").Fields.Edition);

    [Theory]
    [InlineData("Quiet.Water.2001.1080p.BluRay.x264-TEAM.mkv", "TEAM")]
    [InlineData("Quiet.Water.2001.1080p.BluRay.x264-TEAM[site].mkv", "TEAM")]
    [InlineData("Quiet Water (2001) (1080p BluRay x265 Maker).mkv", "Maker")]
    [InlineData("[Crew] Quiet Water - 03 [720p].mkv", "Crew")]
    [InlineData("Quiet.Water.2001.1080p.WEB-DL.mkv", null)]
    public void Detect_ReleaseGroup_StandsAtTheEdge(string path, string? expected) =>
        Assert.Equal(expected, TestDetection.Detect(path).Fields.ReleaseGroup);

    [Theory]
    [InlineData("Quiet.Water.2001.3D.HSBS.1080p.mkv", true, null, null)]
    [InlineData("Quiet.Water.2001.PROPER.1080p.mkv", null, true, null)]
    [InlineData("Quiet.Water.2001.1080p.10bit.x265.mkv", null, null, 10)]
    public void Detect_OtherWords_AreFields(string path, bool? is3D, bool? proper, int? bits)
    {
        var fields = TestDetection.Detect(path).Fields;

        Assert.Equal((is3D, proper, bits), (fields.Is3D, fields.Proper, fields.BitDepth));
    }
}
