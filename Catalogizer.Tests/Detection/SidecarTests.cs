using Catalogizer.Domain.Detection;

namespace Catalogizer.Tests.Detection;

public sealed class SidecarTests
{
    [Theory]
    [InlineData("Quiet Water (2001).en.forced.srt", "subtitle", "en")]
    [InlineData("Quiet Water (2001).ger.sub", "subtitle", "de")]
    [InlineData("Quiet Water (2001).hi.srt", "subtitle", "hi")]
    [InlineData("Quiet Water (2001).en.hi.srt", "subtitle", "en")]
    [InlineData("Quiet Water (2001).nfo", "metadata", null)]
    [InlineData("Movies/Quiet Water (2001)/poster.jpg", "artwork", null)]
    [InlineData("Movies/Quiet Water (2001)/Quiet Water (2001)-fanart.png", "artwork", null)]
    [InlineData("Quiet Water (2001).mkv", null, null)]
    [InlineData("Photos/holiday.jpg", null, null)]
    public void Detect_FileBesideAnother_IsASidecar(string path, string? sidecar, string? language)
    {
        var fields = TestDetection.Detect(path).Fields;

        Assert.Equal(sidecar, fields.Sidecar);
        Assert.Equal(language, fields.Languages?.Single());
    }

    [Theory]
    [InlineData("Movies/Quiet Water (2001)/poster.jpg")]
    [InlineData("Movies/Quiet Water (2001)/movie.nfo")]
    [InlineData("Movies/Quiet Water (2001)/Subs/2_English.srt")]
    public void Detect_SidecarWithoutAName_TakesItsFoldersTitle(string path) => Assert.Equal("Quiet Water", TestDetection.Detect(path).Fields.Title);

    [Theory]
    [InlineData("sample-quiet.water.2001.mkv", "sample")]
    [InlineData("Quiet.Water.2001.TRAILER.1080p.mp4", "trailer")]
    [InlineData("Quiet Water (2001)-trailer.mp4", "trailer")]
    [InlineData("Movies/Quiet Water (2001)/trailers/first.mp4", "trailer")]
    [InlineData("Quiet.Water.2001.1080p-TEAM.sample.mkv", "sample")]
    [InlineData("Movies/Quiet Water (2001)/Behind The Scenes/day one.mkv", "behindthescenes")]
    [InlineData("Movies/Quiet Water (2001)/Deleted Scenes/kitchen.mkv", "deleted")]
    [InlineData("The Sample.mkv", null)]
    [InlineData("Movies/The Trailer Park (2001)/The Trailer Park (2001).mkv", null)]
    public void Detect_Extra_IsNamed(string path, string? extra) => Assert.Equal(extra, TestDetection.Detect(path).Fields.Extra);

    [Theory]
    [InlineData("Quiet Water (2001).mkv", FileRole.Media)]
    [InlineData("Quiet Water (2001)-trailer.mp4", FileRole.Media)]
    [InlineData("Night Shift/01 - Morning.flac", FileRole.Media)]
    [InlineData("Night Owl 012.cbz", FileRole.Media)]
    [InlineData("Quiet Water (2001).en.srt", FileRole.Sidecar)]
    [InlineData("Quiet Water (2001).nfo", FileRole.Sidecar)]
    [InlineData("Quiet Water (2001)/folder.jpg", FileRole.Sidecar)]
    [InlineData("Night Shift/00-night_shift.sfv", FileRole.Sidecar)]
    [InlineData("Night Shift/all.m3u", FileRole.Sidecar)]
    [InlineData("Movies/Quiet Water (2001)/Quiet Water (2001).de.mka", FileRole.Sidecar)]
    [InlineData("Night Shift/01 - Morning.mka", FileRole.Media)]
    [InlineData("Quiet Water (2001).mkv.part", FileRole.Other)]
    [InlineData("_UNPACK_Quiet.Water.2001/quiet.mkv", FileRole.Other)]
    [InlineData("_UNPACK_Quiet.Water.2001/quiet.nfo", FileRole.Other)]
    [InlineData("notes.xyz", FileRole.Other)]
    [InlineData("desktop.ini", FileRole.Other)]
    public void FindKind_File_GivesItsRole(string path, FileRole role) => Assert.Equal(role, FileRoles.For(path, TestDetection.Detect(path)));

    [Theory]
    [InlineData("Quiet Water (2001).en.forced.srt", "Quiet Water (2001)")]
    [InlineData("a/b/Quiet Water (2001).srt", "Quiet Water (2001)")]
    [InlineData("Quiet.Water.2001.pt-BR.sdh.srt", "Quiet.Water.2001")]
    [InlineData("Quiet Water (2001)-poster.jpg", "Quiet Water (2001)")]
    [InlineData("Quiet Water (2001)/poster.jpg", "")]
    [InlineData("Quiet Water (2001).nfo", "Quiet Water (2001)")]
    public void Stem_Sidecar_GivesItsOwners(string path, string stem) => Assert.Equal(stem, FileRoles.GetOwnerStem(path));
}
