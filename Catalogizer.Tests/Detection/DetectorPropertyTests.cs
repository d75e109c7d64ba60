using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using FsCheck;
using FsCheck.Fluent;

namespace Catalogizer.Tests.Detection;

public sealed class DetectorPropertyTests
{
    private static readonly MediaDetector Detector = new();

    private static readonly string[] Pieces =
    [
        "Quiet", "Water", "S01E02", "1x02", "2012", "1999", "1080p", "x264", "-", " - ", ".", "_", " ", "(", ")", "[", "]", "{", "}", "/", " / ",
        "第05话", "№", "E", "S", "x", "00000000000000000000", "99999", "v1.2", ".mkv", ".mp3", ".cbz", ".epub", ".srt", ".iso", "#", "'", "\n", "\0",
        "\u202e", "\ud83c", "\udf00", "\u0301", "tt0133093", "tmdbid-603", "www.", "by", "cd1", "Season 1", "Chapter 2", "AAC2.0", "DDP5.1",
        "第", "T", "S01", "01", "05", "GB", "ep", "to", "~", "the", "VA", "setup_", "sample", "trailer", "20th", "Anniversary Edition", "2nd Season", "2 сезон",
        "серия", "[eng]", "(eng)", "tmdbid", "Vol.", "No.", "Issue", "ABOOK", "eBook", "comic", ".exe", ".m4b", ".zip", ".jpg", ".nfo", "01 - ",
        "Movies/", "TV/", "Music/", "Audiobooks/", "Comics/", "CD 1/", "trailers/", "Specials/",
    ];

    [Fact]
    public void Detect_AnyText_GivesATypeAndNeverThrows() =>
        Prop.ForAll<string>(ArbMap.Default.ArbFor<string>(), text => HoldsFor(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Detect_AnyMixOfNamePieces_GivesATypeAndNeverThrows() =>
        Prop.ForAll(CreateMixedPaths(), HoldsFor).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void Detect_SamePathTwice_GivesTheSameVerdict() =>
        Prop.ForAll(CreateMixedPaths(), path => Serialize(Detector.Detect(path)) == Serialize(new MediaDetector().Detect(path))).QuickCheckThrowOnFailure();

    /// <summary>What is detected of a folder is cached for its next file, and must not be affected by the previous file.</summary>
    [Fact]
    public void Detect_AfterAnotherFileOfTheFolder_GivesTheSameVerdict()
    {
        foreach (var path in NameCasesTests.ReadPaths())
        {
            var folder = path[..(path.LastIndexOf('/') + 1)];
            Detector.Detect("elsewhere/x.bin");
            var alone = Serialize(Detector.Detect(path));
            foreach (var sibling in (string[])["01 - Other.mp3", "Other S01E02 (2013) 720p.mkv", "Issue 3 (2010).cbz", "setup.exe", "Part 2.m4b", "x.en.srt", "03.mkv"])
            {
                Detector.Detect("elsewhere/x.bin");
                Detector.Detect(folder + sibling);
                Assert.Equal(alone, Serialize(Detector.Detect(path)));
            }
        }
    }

    [Fact]
    public void Detect_Explained_GivesTheSameFields() =>
        Prop.ForAll(CreateMixedPaths(), path => Serialize(Detector.Detect(path)) == Serialize(Detector.Detect(path, explain: true))).QuickCheckThrowOnFailure();

    [Fact]
    public void Detect_AnySingleCharacter_GivesATypeAndNeverThrows()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            Assert.True(HoldsFor(((char)c).ToString()), $"U+{c:X4}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("///")]
    [InlineData(".mkv")]
    [InlineData("...")]
    [InlineData("\ud800")]
    [InlineData("a\nb\r.mkv")]
    [InlineData("S")]
    [InlineData("[")]
    [InlineData("[[[]]]")]
    [InlineData("- - -")]
    public void Detect_HostileName_GivesAType(string path) => Assert.True(HoldsFor(path));

    [Theory]
    [InlineData("S01E01.")]
    [InlineData("a")]
    [InlineData("1 ")]
    [InlineData("(")]
    [InlineData("[x]/")]
    [InlineData("2019.")]
    [InlineData(" / ")]
    [InlineData("第1")]
    public void Detect_VeryLongName_AllocatesInProportion(string unit)
    {
        var quarter = MeasureAllocation(string.Concat(Enumerable.Repeat(unit, 4096 / unit.Length)));
        var whole = MeasureAllocation(string.Concat(Enumerable.Repeat(unit, 16384 / unit.Length)));

        Assert.True(whole <= quarter * 5 + 4096, $"{quarter} bytes for 4 KiB, {whole} for 16 KiB");
    }

    [Fact]
    public void Detect_ManyThreads_GiveTheSameVerdicts()
    {
        var paths = Gen.Sample(CreateMixedPaths().Generator, 200, 20).ToArray();
        var expected = paths.Select(path => Serialize(Detector.Detect(path))).ToArray();

        var found = paths.AsParallel().AsOrdered().Select(path => Serialize(Detector.Detect(path))).ToArray();

        Assert.Equal(expected, found);
    }

    private static bool HoldsFor(string path)
    {
        var verdict = Detector.Detect(path);
        _ = FileRoles.GetOwnerStem(path);
        return Enum.IsDefined(verdict.Type) && verdict.Confidence is >= 0 and <= 1 && Enum.IsDefined(FileRoles.For(path, verdict))
            && (verdict.Fields.Title is not null || !path.Split('/')[^1].Any(char.IsLetterOrDigit));
    }

    private static string Serialize(Verdict verdict) => verdict.Type.ToApiName() + verdict.Confidence + JsonSerializer.Serialize(verdict.Fields);

    private static Arbitrary<string> CreateMixedPaths() =>
        Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();

    private static long MeasureAllocation(string path)
    {
        _ = Detector.Detect(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Detector.Detect(path);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
