using System.Xml.Linq;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

public class PackagePinTests
{
    [Fact]
    public void Pins_AreExactlyThePackagesThatProjectsReferTo()
    {
        var pinned = Includes("Directory.Packages.props", "PackageVersion");
        var referred = Directory.GetFiles(RepositoryRoot.Folder, "Catalogizer.*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .SelectMany(project => Includes(Path.GetRelativePath(RepositoryRoot.Folder, project), "PackageReference"));

        Assert.Equal(referred.Distinct().Order(StringComparer.Ordinal), pinned.Order(StringComparer.Ordinal));
    }

    /// <summary>Elements that make the restored packages fit are workarounds, and each needs its own decision.</summary>
    [Fact]
    public void Projects_ReplaceNoPackage()
    {
        var replaced = RepositoryRoot.EnumerateProductFiles(".csproj", ".props", ".targets")
            .Append("Catalogizer.Tests/Catalogizer.Tests.csproj")
            .Append("Catalogizer.Bench/Catalogizer.Bench.csproj")
            .Where(file => XDocument.Parse(RepositoryRoot.Read(file)).Descendants().Any(e => e.Name.LocalName is "PrunePackageReference" or "PackageDownload" or "RequiresAspNetWebAssets"));

        Assert.Empty(replaced);
    }

    private static IEnumerable<string> Includes(string file, string element) =>
        XDocument.Parse(RepositoryRoot.Read(file)).Descendants(element).Select(e => e.Attribute("Include")!.Value);
}
