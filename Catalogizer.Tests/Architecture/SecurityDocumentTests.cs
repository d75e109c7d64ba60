using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

/// <summary>docs/security.md has every requirement of the standard's first two levels exactly once, and names only tests and places that exist.</summary>
public partial class SecurityDocumentTests
{
    private const string Document = "docs/security.md";

    private static readonly string Text = RepositoryRoot.Read(Document);

    private static readonly List<(string Id, string Level, string Proof)> Rows = [.. Row().Matches(Text).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value))];

    [Fact]
    public void Requirements_OfLevelsOneAndTwo_StandOnceEachInTheirOrder()
    {
        var required = RepositoryRoot.Read("Catalogizer.Tests/Architecture/asvs-5.0.0.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();

        Assert.Equal((253, 70), (required.Count, required.Count(line => line.EndsWith(" 1", StringComparison.Ordinal))));
        Assert.Equal(required, Rows.Select(row => $"{row.Id} {row.Level}"));
    }

    [Fact]
    public void Rows_SayHowEachIsMetOrWhyNot() => Assert.All(Rows, row => Assert.True(IsProved(row.Proof) || IsDocumented(row.Proof) || IsNotApplicable(row.Proof) || IsNotMet(row.Proof), $"{row.Id}: {row.Proof}"));

    [Fact]
    public void Tests_AllNamed_Exist()
    {
        var types = typeof(SecurityDocumentTests).Assembly.GetTypes().Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToList();
        var tests = types.Select(type => type.Name)
            .Concat(types.SelectMany(type => type.GetMethods().Where(IsTest).Select(method => $"{type.Name}.{method.Name}")))
            .ToHashSet(StringComparer.Ordinal);

        Assert.Empty(NamedTest().Matches(Text).Select(test => test.Groups[1].Value).Except(tests));
    }

    [Fact]
    public void Places_AllNamed_Exist()
    {
        var links = Link().Matches(Text).Select(link => (File: link.Groups[1].Value, Heading: link.Groups[2].Value)).Where(link => !link.File.Contains(':', StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            var file = link.File.Length == 0 ? Document : Path.GetRelativePath(RepositoryRoot.Folder, Path.GetFullPath(link.File, RepositoryRoot.PathOf("docs")));
            Assert.True(File.Exists(RepositoryRoot.PathOf(file)), link.File);
            if (link.Heading.Length > 0)
            {
                Assert.Contains(link.Heading, Heading().Matches(RepositoryRoot.Read(file)).Select(heading => AnchorOf(heading.Groups[1].Value)));
            }
        });
    }

    [Fact]
    public void Permissions_OfEachRole_AreThoseOfTheProgram()
    {
        foreach (var permission in Permission.All)
        {
            var cells = string.Join(" | ", new[] { Role.Viewer, Role.Editor, Role.Admin }.Select(role => Permission.For(role).Contains(permission) ? "yes" : "–"));

            Assert.Contains($"| `{permission}` | {cells} |", Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Counts_AreThoseOfTheTables()
    {
        foreach (var level in (string[])["1", "2"])
        {
            var rows = Rows.Where(row => row.Level == level).ToList();
            var counts = new Func<string, bool>[] { IsProved, IsDocumented, IsNotApplicable, IsNotMet }.Select(kind => rows.Count(row => kind(row.Proof)));

            Assert.Contains($"| {level} | {string.Join(" | ", counts)} | {rows.Count} |", Text, StringComparison.Ordinal);
        }
    }

    private static bool IsTest(System.Reflection.MethodInfo method) => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0;

    private static bool IsProved(string proof) => proof.StartsWith('`');

    private static bool IsDocumented(string proof) => proof.StartsWith('[');

    private static bool IsNotApplicable(string proof) => proof.StartsWith("does not apply: ", StringComparison.Ordinal);

    private static bool IsNotMet(string proof) => proof.StartsWith("**not met**: ", StringComparison.Ordinal);

    private static string AnchorOf(string heading) => string.Concat(heading.ToLowerInvariant().Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-')).Replace(' ', '-');

    [GeneratedRegex(@"^\| (\d+\.\d+\.\d+) \| ([123]) \| [^|]+ \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"\]\(([^)#]*)#?([^)]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
