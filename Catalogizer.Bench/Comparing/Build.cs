using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Comparing;

/// <summary>A published build of some commit, and a catalogue that it has scanned itself.</summary>
internal sealed class Build(string name, PublishedApp app)
{
    private Task<string>? _scanned;

    public string Name => name;

    public PublishedApp App => app;

    public static MediaTree Tree { get; } = MediaTree.Of(100_000);

    /// <summary>The commit's full hash; null when there is no such commit.</summary>
    public static async Task<string?> FindAsync(string commit)
    {
        try
        {
            return (await Tool.RunAsync("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{commit}^{{commit}}"])).Trim();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Publishes a commit as it publishes itself; kept for the next time.</summary>
    public static async Task<Build> PublishAsync(string hash)
    {
        var (app, tree) = (BenchFolder.PathOf($"builds/{hash}"), BenchFolder.PathOf($"builds/{hash}.tree"));
        if (!Directory.Exists(app))
        {
            await RemoveAsync(tree);
            await Tool.RunAsync("git", ["worktree", "add", "--quiet", "--detach", tree, hash]);
            try
            {
                await Tool.RunAsync(Path.Combine(tree, "build", "publish.sh"), [$"{app}.part"]);
                Directory.Move($"{app}.part", app);
            }
            finally
            {
                await RemoveAsync(tree);
            }
        }

        return new Build(hash[..7], new PublishedApp(Path.Combine(app, "Catalogizer.Web.dll")));
    }

    /// <summary>Starts a server on a copy of the catalogue.</summary>
    public async Task<ServedApp> ServeAsync() => await ServedApp.StartAsync(app, await CatalogueAsync());

    /// <summary>A fresh copy of the data folder, without jobs that would run by the clock.</summary>
    public async Task<string> CatalogueAsync() => await Catalogue.CopyAsync(await (_scanned ??= ScanAsync()), "compared");

    private async Task<string> ScanAsync()
    {
        var data = BenchFolder.Fresh($"compared-{name}");
        await app.ScanAsync(Tree.Path, data);
        await using var server = await ServedApp.StartAsync(app, data);
        await server.LogInAsync();
        await server.PauseJobsAsync();
        return data;
    }

    /// <summary>Takes away what an earlier run may have left.</summary>
    private static async Task RemoveAsync(string tree)
    {
        if (Directory.Exists(tree))
        {
            Directory.Delete(tree, recursive: true);
        }

        await Tool.RunAsync("git", ["worktree", "prune"]);
    }
}
