using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Logs;

namespace Catalogizer.Tests.Web.Logs;

public partial class AuditLabelsTests
{
    [Fact]
    public void For_EveryActionThatTheProgramWrites_IsASentence()
    {
        var written = RepositoryRoot.EnumerateProductFiles(".cs")
            .Where(file => !file.EndsWith("AuditLabels.cs", StringComparison.Ordinal))
            .SelectMany(file => Action().Matches(File.ReadAllText(RepositoryRoot.PathOf(file))))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Except(Permission.All)
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Contains("sources.add", written);
        Assert.Equal([], written.Where(action => AuditLabels.For(action) == action));
    }

    [Fact]
    public void For_ActionOfALaterVersion_IsItsCode() => Assert.Equal("films.dream", AuditLabels.For("films.dream"));

    [Theory]
    [InlineData("item:7", "item/7")]
    [InlineData("scan:12", "sources/scans/12")]
    [InlineData("user:3", "admin/users")]
    [InlineData("error:3", "admin/errors")]
    [InlineData("job:retention", "admin/jobs?job=retention")]
    [InlineData("provider:tmdb", "admin/providers")]
    [InlineData("kind:film", null)]
    [InlineData("item:x", null)]
    [InlineData(null, null)]
    public void FindHref_Table(string? target, string? page) => Assert.Equal(page, AuditLabels.FindHref(target));

    [GeneratedRegex(@"""((?:accounts|users|sources|scans|media|errors|providers|jobs)\.(?!db"")[a-zA-Z-]+)""", RegexOptions.None, 1000)]
    private static partial Regex Action();
}
