using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;

namespace Catalogizer.Tests.Architecture;

/// <summary>Which code may be used where in the product.</summary>
public partial class SourceRuleTests
{
    /// <summary>A replaceable library is used in one place only, so that replacing it changes only that place.</summary>
    [Theory]
    [InlineData("Quartz", "Catalogizer.Jobs/Quartz/", "Catalogizer.Jobs/Catalogizer.Jobs.csproj")]
    [InlineData("SQLitePCL", "Catalogizer.Domain/Storage/Sqlite/", "Catalogizer.Domain/Catalogizer.Domain.csproj")]
    [InlineData("StackExchange", "Catalogizer.Domain/Caching/", "Catalogizer.Domain/Catalogizer.Domain.csproj")]
    [InlineData("Radzen", "Catalogizer.Web/", "Catalogizer.Web/Catalogizer.Web.csproj")]
    public void Library_IsUsedInItsPlaceAlone(string library, string folder, string project)
    {
        var elsewhere = RepositoryRoot.EnumerateProductFiles(".cs", ".razor", ".csproj", ".props", ".targets")
            .Where(file => !file.StartsWith(folder, StringComparison.Ordinal) && file != project)
            .Where(file => SourceText.Uses(RepositoryRoot.Read(file), library));

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void SambasLibrary_IsCalledInItsPlaceAlone()
    {
        var calls = RepositoryRoot.EnumerateProductFiles(".cs", ".razor").Where(file => SambaCall().IsMatch(RepositoryRoot.Read(file))).ToList();

        Assert.NotEmpty(calls);
        Assert.All(calls, file => Assert.StartsWith("Catalogizer.Domain/Sources/Smb/Samba/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_AreReachedThroughTheirPipelinesAlone()
    {
        var reach = RepositoryRoot.EnumerateProductFiles(".cs", ".razor").Where(file => ProtocolCall().IsMatch(RepositoryRoot.Read(file)));

        Assert.Equal(["Catalogizer.Domain/Sources/SourceConnectors.cs"], reach);
    }

    [Fact]
    public void Components_NeverMentionTheDatabase()
    {
        var mentions = RepositoryRoot.EnumerateProductFiles(".cs", ".razor")
            .Where(file => file.StartsWith("Catalogizer.Web/Components/", StringComparison.Ordinal))
            .Where(file => Database().IsMatch(RepositoryRoot.Read(file)));

        Assert.Empty(mentions);
    }

    /// <summary>An address with a leading slash bypasses the path prefix that a proxy adds to the product.</summary>
    [Fact]
    public void Components_LinkFromTheirRootOn()
    {
        var past = RepositoryRoot.EnumerateProductFiles(".razor", ".cs")
            .Where(file => file.StartsWith("Catalogizer.Web/Components/", StringComparison.Ordinal))
            .Where(file => RootRelativeUrl().IsMatch(RepositoryRoot.Read(file)));

        Assert.Empty(past);
        Assert.DoesNotContain(typeof(CatalogUrls).GetFields(), field => ((string)field.GetRawConstantValue()!).StartsWith('/'));
    }

    [Fact]
    public void Product_HasNothingUnfinishedAndNothingThatSleeps()
    {
        var unfinished = RepositoryRoot.EnumerateProductFiles(".cs", ".razor", ".css", ".js", ".sh", ".csproj", ".props", ".targets")
            .Where(file => Unfinished().IsMatch(RepositoryRoot.Read(file)));

        Assert.Empty(unfinished);
    }

    [Fact]
    public void ProductFiles_FindTheSource() =>
        Assert.Contains("Catalogizer.Web/Program.cs", RepositoryRoot.EnumerateProductFiles(".cs"));

    [GeneratedRegex(@"smbc_|smb_thread_set_functions\(|""lib(smbclient|samba)[^""]*\.so")]
    private static partial Regex SambaCall();

    [GeneratedRegex(@"(\b[pP]rotocol|_protocols\[[^\]]*\]|Find\([^()]*\))[?!]*\.(Connect|Watch)\(")]
    private static partial Regex ProtocolCall();

    [GeneratedRegex(@"DbContext|Microsoft\.EntityFrameworkCore")]
    private static partial Regex Database();

    [GeneratedRegex(@"\b(TODO|FIXME|NotImplementedException|Thread\.Sleep)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(href|src|action)=\"/|(NavigateTo\\(|Invariant\\(|With\\(|=>) ?\\$?\"/[a-z]")]
    private static partial Regex RootRelativeUrl();
}
