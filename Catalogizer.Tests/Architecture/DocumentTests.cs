using System.Text.RegularExpressions;
using System.Xml.Linq;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

/// <summary>What the documents say about the source code is true.</summary>
public partial class DocumentTests
{
    /// <summary>The components that the architecture names. Each one that exists has a row in the table, with its file.</summary>
    private static readonly string[] NamedParts =
    [
        "AuthService", "MediaService", "AnalyticsService", "ResilientSmbManager", "OfflineCache", "HealthChecker", "CacheManager",
        "EventStreamer", "ProviderManager", "IMetadataProvider", "TmdbProvider", "ImdbProvider", "TvdbProvider", "SpotifyProvider",
        "SteamProvider", "QualityMetrics", "MediaBrowser", "MediaCard", "MediaFilters", "MediaSearch", "ConnectionStatus",
        "RealTimeUpdates", "UserManagement", "Dashboard", "Analytics", "HealthMonitor",
    ];

    [Fact]
    public void PartsTable_EveryRow_NamesATypeInItsFile()
    {
        var errors = Rows().Where(row => !Declares(row.File, row.Type)).Select(row => $"{row.Type} is not in {row.File}");

        Assert.Empty(errors);
    }

    [Fact]
    public void PartsTable_EveryNamedPartThatExists_HasItsRow()
    {
        var files = RepositoryRoot.EnumerateProductFiles(".cs", ".razor").ToList();
        var listed = Rows().Select(row => row.Type).ToHashSet();

        var absent = NamedParts.Where(part => !listed.Contains(part) && files.Any(file => Declares(file, part)));

        Assert.Empty(absent);
    }

    [Fact]
    public void Faults_EveryTestNamed_Exists()
    {
        var named = NamedTest().Matches(File.ReadAllText(RepositoryRoot.PathOf("docs/faults.md")));
        var tests = typeof(DocumentTests).Assembly.GetTypes().SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet(StringComparer.Ordinal);

        var errors = named.Select(test => test.Groups[1].Value).Except(tests);

        Assert.NotEmpty(named);
        Assert.Empty(errors);
    }

    [Fact]
    public void Decisions_EndWithWhatChangingBackWouldTouch()
    {
        var records = Directory.GetFiles(RepositoryRoot.PathOf("docs/decisions"), "0*.md");

        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.StartsWith("## Changing back would touch", Headings().Matches(File.ReadAllText(record)).Last().Value, StringComparison.Ordinal));
    }

    /// <summary>Planned decisions name future files and superseded ones name old files, so both are left out.</summary>
    [Fact]
    public void Decisions_InForce_NameFilesThatExist()
    {
        var errors =
            from record in Directory.GetFiles(RepositoryRoot.PathOf("docs/decisions"), "0*.md")
            let text = File.ReadAllText(record)
            where !text.Contains("Status: planned", StringComparison.Ordinal) && !text.Contains("Status: superseded", StringComparison.Ordinal)
            let last = text[text.LastIndexOf("\n## ", StringComparison.Ordinal)..]
            from Match path in ListedPath().Matches(last)
            where !Path.Exists(RepositoryRoot.PathOf(path.Groups[1].Value))
            select $"{Path.GetFileName(record)}: {path.Groups[1].Value}";

        Assert.Empty(errors);
    }

    [Fact]
    public void Decisions_Superseded_LinkToTheOneThatTookTheirPlaceAndBack()
    {
        var records = Directory.GetFiles(RepositoryRoot.PathOf("docs/decisions"), "0*.md").ToDictionary(record => Path.GetFileName(record)!, File.ReadAllText);
        var superseded = records.Select(record => (record.Key, By: SupersededBy().Match(record.Value))).Where(record => record.By.Success).ToList();

        Assert.NotEmpty(superseded);
        Assert.All(superseded, record => Assert.Contains($"]({record.Key})", records[record.By.Groups[1].Value], StringComparison.Ordinal));
    }

    /// <summary>The container restarts after a reboot or an update of the engine.</summary>
    [Fact]
    public void Containers_StartedAsTheDocumentsSay_ComeBack()
    {
        var commands = Directory.GetFiles(RepositoryRoot.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(RepositoryRoot.PathOf("README.md"))
            .SelectMany(document => DockerRun().Matches(File.ReadAllText(document).Replace("\\\n", "", StringComparison.Ordinal)))
            .Select(command => command.Value).ToList();

        Assert.Contains(commands, command => command.Contains("/media:ro", StringComparison.Ordinal));
        Assert.All(commands, command => Assert.Contains(" --restart unless-stopped ", command, StringComparison.Ordinal));
        Assert.Contains("    restart: unless-stopped\n", RepositoryRoot.Read("compose.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Notices_EveryPackage_HasItsLine()
    {
        var notices = RepositoryRoot.Read("THIRD-PARTY-NOTICES.md");
        var packages = Directory.GetFiles(RepositoryRoot.Folder, "Catalogizer.*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .SelectMany(project => XDocument.Load(project).Descendants("PackageReference"))
            .Select(package => package.Attribute("Include")!.Value)
            .Distinct();

        var absent = packages.Where(package => !notices.Contains(package, StringComparison.Ordinal));

        Assert.Empty(absent);
    }

    private static IEnumerable<(string Type, string File)> Rows() =>
        Row().Matches(RepositoryRoot.Read("docs/architecture.md")).Select(row => (row.Groups[1].Value, row.Groups[2].Value));

    private static bool Declares(string file, string type) =>
        File.Exists(RepositoryRoot.PathOf(file))
        && (Path.GetFileName(file) == $"{type}.razor"
            || Regex.IsMatch(RepositoryRoot.Read(file), $@"\b(class|record|interface|enum|struct)\s+{Regex.Escape(type)}\b"));

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex NamedTest();

    /// <summary>Matches a row of the parts table: | part | `Type` | `file` |</summary>
    [GeneratedRegex(@"^\|[^|]*\|\s*`(\w+)`\s*\|\s*`([^`]+)`\s*\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^Status: superseded by \[\d{4}\]\(([^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex SupersededBy();

    [GeneratedRegex(@"\bdocker run .*")]
    private static partial Regex DockerRun();

    [GeneratedRegex(@"^## .*", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"^- `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex ListedPath();
}
