using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scripts;

/// <summary>
/// A reader that leaves a pipe early makes its writer fail now and then, and with pipefail the whole pipe: what was found then
/// counts as missing.
/// </summary>
public partial class PipeTests
{
    [Fact]
    public void Scripts_WithPipefail_ReadTheirPipesWhole()
    {
        var scripts = FindScripts().ToList();
        var left = scripts.SelectMany(name => EarlyExitRegex().Matches(RepositoryRoot.Read(name)).Select(pipe => $"{name}: {pipe.Value}"));

        Assert.Superset(new HashSet<string> { "run", "test", "build/demo/making.sh", "build/as-image.sh", "Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh" }, scripts.ToHashSet());
        Assert.Empty(left);
    }

    [Theory]
    [InlineData("ldconfig -p | grep -q libsmbclient", true)]
    [InlineData("ps | grep --max-count=1 x", true)]
    [InlineData("some | grep -iqE x", true)]
    [InlineData("{ printf x; cat /dev/zero; } | head -c 5", true)]
    [InlineData("list | sed 5q", true)]
    [InlineData("list | sed -n '/x/{p;q}'", true)]
    [InlineData("list | awk '/x/ { print; exit }'", true)]
    [InlineData("list | read -r first", true)]
    [InlineData("list |\n  head -n 1", true)]
    [InlineData("list | sed -E 's/^(quick|head)//' | sort", false)]
    [InlineData("grep -q x file || head -c 5 file", false)]
    [InlineData("list | grep -v quiet", false)]
    [InlineData("list | tail -n 1", false)]
    public void LeavesEarly_Pipe_AsItReads(string line, bool leaves) => Assert.Equal(leaves, EarlyExitRegex().IsMatch(line));

    /// <summary>The scripts of the repository and what they source, without the tests' own wrappers.</summary>
    private static IEnumerable<string> FindScripts() =>
        new[] { "run", "test", ".ci/run" }
            .Concat(Directory.EnumerateFiles(RepositoryRoot.PathOf("build"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(RepositoryRoot.Folder, path)).Where(IsScript))
            .Concat(RepositoryRoot.EnumerateProductFiles(".sh"));

    private static bool IsScript(string name) => name.EndsWith(".sh", StringComparison.Ordinal) || RepositoryRoot.Read(name).StartsWith("#!", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\|)\|&?\s+(grep ([^|\n]* )?(-[a-zA-Z]*[qm]|--quiet|--silent|--max-count)|head\b|read\b|sed\b[^|\n]*[0-9/;{ ]q\b|awk\b[^|\n]*\bexit\b)")]
    private static partial Regex EarlyExitRegex();
}
