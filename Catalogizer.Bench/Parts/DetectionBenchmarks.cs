using BenchmarkDotNet.Attributes;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning.Steps;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Bench.Parts;

/// <summary>What is done for each name, without disk or database.</summary>
public class DetectionBenchmarks
{
    private const string Film = "Films/S/Silver Harbor (1994)/Silver.Harbor.1994.1080p.BluRay.x264-GRP.mkv";
    private const string Episode = "Series/Silver Harbor/Season 02/Silver.Harbor.S02E07.The.Long.Way.720p.WEB-DL.x265-GRP.mkv";
    private const string Track = "Music/Silver Harbor/First Light (1994)/07 - The Long Way.flac";
    private const string Folder = "Films/S/Silver Harbor (1994)";

    private readonly MediaDetector _detector = new();
    private FolderComparer _compareFolder = null!;
    private FolderContent _folderContent = null!;
    private KnownFolder _knownFolder = null!;
    private List<KnownFile> _knownFiles = null!;

    [GlobalSetup]
    public void Setup()
    {
        _compareFolder = new FolderComparer(_detector, new IgnoreList([]));
        string[] names = ["Silver.Harbor.1994.1080p.BluRay.x264-GRP.mkv", "Silver.Harbor.1994.1080p.BluRay.x264-GRP.nfo", "poster.jpg", "Silver.Harbor.1994.1080p.BluRay.x264-GRP.en.srt"];
        _folderContent = new FolderContent(1, [.. names.Select((name, i) => new SourceEntry(name, false, 1000 + i, 5000, i))], 0);
        _knownFolder = new KnownFolder(1, Folder, 1, 9000, hasFailed: false);
        _knownFiles = [.. names.Select((name, i) => new KnownFile(i, name, 1000 + i, 5000, Presence.Present, i == 0 ? FileRole.Media : FileRole.Sidecar, 1))];
    }

    [Benchmark(Description = "detect a film's name")]
    public object DetectFilm() => _detector.Detect(Film);

    [Benchmark(Description = "detect an episode's name")]
    public object DetectEpisode() => _detector.Detect(Episode);

    [Benchmark(Description = "detect a track's name")]
    public object DetectTrack() => _detector.Detect(Track);

    [Benchmark(Description = "compare a new folder of 4 files, names read")]
    public object CompareNew() => _compareFolder.Compare(Folder, null, [], _folderContent, 9000, "1").ToList();

    [Benchmark(Description = "compare an unchanged folder of 4 files")]
    public object CompareUnchanged() => _compareFolder.Compare(Folder, _knownFolder, _knownFiles, _folderContent, 9000, "1").ToList();

    [Benchmark(Description = "sort title of “The Long Way to the Silver Harbor”")]
    public string SortTitle() => TextNormalizer.ToSortTitle("The Long Way to the Silver Harbor");

    [Benchmark(Description = "sort title of “Amélie – Über Straßen”")]
    public string SortTitleWithAccents() => TextNormalizer.ToSortTitle("Amélie – Über Straßen");

    [Benchmark(Description = "search expression of “silver harb”")]
    public string? SearchExpression() => FullTextExpression.FromInput("silver harb");
}
