using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Comparing;

/// <summary>The published build of a commit, and a catalogue that this build has scanned.</summary>
internal sealed class Build(string name, PublishedApp app)
{
    private Task<string>? _scannedData;

    public string Name => name;

    public PublishedApp App => app;

    public static MediaTree Tree { get; } = MediaTree.GetOrCreate(100_000);

    /// <summary>The commit's full hash; null when there is no such commit. <paramref name="commit"/> is any git revision.</summary>
    public static async Task<string?> FindAsync(string commit)
    {
        try
        {
            return (await ProcessRunner.RunAsync("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{commit}^{{commit}}"])).Trim();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Publishes a commit with the publish script of that commit. The build is kept and reused by later runs.</summary>
    public static async Task<Build> PublishAsync(string hash)
    {
        var (app, tree) = (BenchFolder.PathOf($"builds/{hash}"), BenchFolder.PathOf($"builds/{hash}.tree"));
        if (!Directory.Exists(app))
        {
            await RemoveWorktreeAsync(tree);
            await ProcessRunner.RunAsync("git", ["worktree", "add", "--quiet", "--detach", tree, hash]);
            try
            {
                await ProcessRunner.RunAsync(Path.Combine(tree, "build", "publish.sh"), [$"{app}.part"]);
                Directory.Move($"{app}.part", app);
            }
            finally
            {
                await RemoveWorktreeAsync(tree);
            }
        }

        return new Build(hash[..7], new PublishedApp(Path.Combine(app, "Catalogizer.Web.dll")));
    }

    public async Task<ServedApp> StartServerAsync() => await ServedApp.StartAsync(app, await CopyCatalogAsync());

    /// <summary>A fresh copy of the data folder, with the scheduled jobs paused.</summary>
    public async Task<string> CopyCatalogAsync() => await BenchCatalog.CopyAsync(await (_scannedData ??= ScanAsync()), "compared");

    private async Task<string> ScanAsync()
    {
        var data = BenchFolder.CreateEmpty($"compared-{name}");
        await app.ScanAsync(Tree.Path, data);
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        await server.PauseJobsAsync();
        return data;
    }

    /// <summary>Removes what an earlier run may have left.</summary>
    private static async Task RemoveWorktreeAsync(string tree)
    {
        if (Directory.Exists(tree))
        {
            Directory.Delete(tree, recursive: true);
        }

        await ProcessRunner.RunAsync("git", ["worktree", "prune"]);
    }
}
