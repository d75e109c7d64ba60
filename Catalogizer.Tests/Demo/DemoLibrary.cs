using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Demo;

/// <summary>
/// The demo library, scanned into a catalogue. Its script creates it once and keeps it until one of the scripts changes;
/// <c>./test --all</c> creates it anew.
/// </summary>
public sealed class DemoLibrary : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal TestCatalog Catalog { get; } = new();

    public string Folder => TestRun.IsFull ? _folder.PathOf("demo") : RepositoryRoot.PathOf(".build/test-demo");

    public string Root => Path.Combine(Folder, "library");

    public ScanView Scan { get; private set; } = null!;

    internal IReadOnlyList<CatalogFile> Files { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var made = await CreateAsync(Folder);
        Assert.True(made.ExitCode == 0, made.Errors);
        var source = await Catalog.AddSourceAsync("Demo library", Root);
        Scan = await Catalog.ScanAsync(source.Id);
        await using var db = await Catalog.Services.GetRequiredService<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        Files = await db.Files.AsNoTracking()
            .Join(db.Folders, file => file.FolderId, folder => folder.Id, (file, folder) => new CatalogFile(folder.Path + "/" + file.Name, file.MediaType, file.Role, file.VersionId))
            .ToListAsync();
    }

    public async Task DisposeAsync()
    {
        await Catalog.DisposeAsync();
        _folder.Dispose();
    }

    internal static Task<CommandRun> CreateAsync(string folder) =>
        CommandRun.ExecuteAsync(RepositoryRoot.Folder, new Dictionary<string, string?>(), RepositoryRoot.PathOf("build/demo.sh"), folder);

    /// <summary>One line per stream: the requested fields separated by '|', as ffprobe writes them.</summary>
    internal async Task<string[]> ProbeAsync(string path, string fields)
    {
        var run = await CommandRun.ExecuteAsync(
            Root, new Dictionary<string, string?>(), "ffprobe", "-v", "error", "-show_entries", fields, "-of", "compact=print_section=0:nokey=1", path);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}

/// <summary>A file as stored in the catalogue.</summary>
internal sealed record CatalogFile(string Path, MediaType Type, Domain.Detection.FileRole Role, long? VersionId)
{
    public string TopFolder => Path[..Path.IndexOf('/', StringComparison.Ordinal)];
}
