using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scripts;

/// <summary>A copy of the repository's scripts over a few source files, with a 'dotnet' that records its arguments and builds at once.</summary>
internal sealed class ScriptSandbox : IDisposable
{
    private const string DotnetScript = """
        #!/usr/bin/env bash
        case $1 in
          --version) echo "${SDK:-10.0.401}" ;;
          restore)
            printf '%s\n' "$@" >"$SANDBOX/restored"
            [ -z "${RESTORE_SAYS:-}" ] || { echo "$RESTORE_SAYS"; exit 1; } ;;
          publish)
            echo publish >>"$SANDBOX/built"
            printf '%s\n' "$@" >"$SANDBOX/published"
            echo "this is what the build says"
            [ -z "${BUILD_FAILS:-}" ] || { echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; }
            while [ "$1" != --output ]; do shift; done
            mkdir -p "$2" && touch "$2/Catalogizer.Web.dll" ;;
          build)
            [ -z "${BUILD_FAILS:-}" ] || { echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; } ;;
          test)
            printf '%s\n' "$@" >"$SANDBOX/asked"
            while [ "$1" != --results-directory ]; do shift; done
            mkdir -p "$2" && cp "$SANDBOX"/*.trx "$2" 2>/dev/null
            exit "${TESTS_EXIT:-0}" ;;
          *)
            echo "program: ${1##*/}"
            shift
            printf 'argument: %s\n' "$@"
            echo "folder: $PWD"
            echo "home: $CATALOGIZER_HOME"
            echo "address: $ASPNETCORE_URLS"
            env | grep '^CATALOGIZER_.*_' | LC_ALL=C sort | sed 's/^/setting: /'
            exit "${PROGRAM_EXIT:-0}" ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    public ScriptSandbox()
    {
        foreach (var name in new[] { "run", "test", "global.json", "build/needs.sh", "build/publish.sh", "build/restore.sh" })
        {
            Write($"repo/{name}", RepositoryRoot.Read(name));
        }

        foreach (var name in new[] { "Catalogizer.Domain/A.cs", "Catalogizer.Jobs/B.cs", "Catalogizer.Web/C.razor", "wwwroot-assets/css/d.css" })
        {
            Write($"repo/{name}", name);
        }

        foreach (var name in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig" })
        {
            Write($"repo/{name}", "");
        }

        Write("repo/Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh", "#!/usr/bin/env bash\nmkdir -p .build/native\n");
        Write("repo/build/demo.sh", "#!/usr/bin/env bash\nmkdir -p \"$1/library\"\necho secret >\"$1/password\"\nexit \"${DEMO_EXIT:-0}\"\n");
        Write("bin/dotnet", DotnetScript);
        Directory.CreateDirectory(_folder.PathOf("elsewhere"));
    }

    public string Repository => _folder.PathOf("repo");

    /// <summary>A folder outside the repository to run scripts from.</summary>
    public string OtherFolder => _folder.PathOf("elsewhere");

    public int BuildCount => File.Exists(_folder.PathOf("built")) ? File.ReadAllLines(_folder.PathOf("built")).Length : 0;

    /// <summary>The arguments of 'dotnet test', one per line; none when it was not called.</summary>
    public string[] TestArguments => ReadArguments("asked");

    /// <summary>The arguments of the last 'dotnet restore'.</summary>
    public string[] RestoreArguments => ReadArguments("restored");

    /// <summary>The arguments of the last 'dotnet publish'.</summary>
    public string[] PublishArguments => ReadArguments("published");

    public void Write(string name, string content) =>
        File.SetUnixFileMode(_folder.Write(name, content), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    public void Delete(string name) => File.Delete(_folder.PathOf(name));

    /// <summary>Runs one of the repository's scripts; a setting is written NAME=value.</summary>
    public Task<CommandRun> RunAsync(string script, string[] arguments, params string[] settings)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["SANDBOX"] = _folder.Path,
            ["CATALOGIZER_HOME"] = null,
            ["ASPNETCORE_URLS"] = null,
            ["CATALOGIZER_TEST_ALL"] = null,
            ["CATALOGIZER_TEST_SEED"] = null,
            ["CATALOGIZER_TEST_SHOTS"] = null,
        };
        foreach (var setting in settings)
        {
            environment[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        return CommandRun.ExecuteAsync(OtherFolder, environment, Path.Combine(Repository, script), arguments);
    }

    public void Dispose() => _folder.Dispose();

    private string[] ReadArguments(string name) => File.Exists(_folder.PathOf(name)) ? File.ReadAllLines(_folder.PathOf(name)) : [];
}
