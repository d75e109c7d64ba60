using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Container;

/// <summary>The Dockerfile's instructions, stage by stage, and what .dockerignore excludes from its context.</summary>
internal sealed class Dockerfile
{
    private readonly List<Regex> _ignorePatterns = RepositoryRoot.Read(".dockerignore").Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(ToRegex)
        .ToList();

    public Dockerfile()
    {
        var lines = RepositoryRoot.Read("Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#');
        foreach (var line in lines)
        {
            var (name, value) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
            if (name == "FROM")
            {
                Stages.Add([]);
            }

            (Stages.Count == 0 ? Arguments : Stages[^1]).Add((name, value));
        }
    }

    /// <summary>The instructions before the first stage.</summary>
    public List<(string Name, string Value)> Arguments { get; } = [];

    public List<List<(string Name, string Value)>> Stages { get; } = [];

    public List<(string Name, string Value)> FinalStage => Stages[^1];

    /// <summary>The files and folders that are copied from the repository, over all stages.</summary>
    public IEnumerable<string> FindRepositoryCopies() =>
        Stages.SelectMany(stage => stage)
            .Where(step => step.Name == "COPY" && !step.Value.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(step => step.Value.Split(' ').Where(word => !word.StartsWith("--", StringComparison.Ordinal)).SkipLast(1));

    public bool IsIgnored(string name) => _ignorePatterns.Exists(pattern => pattern.IsMatch(name));

    /// <summary>Docker's patterns: '**/' matches any folders, '*' any part of one name; everything in an ignored folder is ignored too.</summary>
    private static Regex ToRegex(string line) =>
        new("^" + Regex.Escape(line)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(/|$)");
}
