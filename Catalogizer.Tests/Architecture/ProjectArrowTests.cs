using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

/// <summary>Domain ← Jobs ← Web, and nothing points back.</summary>
public class ProjectArrowTests
{
    [Theory]
    [InlineData("Catalogizer.Domain", new string[0])]
    [InlineData("Catalogizer.Jobs", new[] { "Catalogizer.Domain" })]
    [InlineData("Catalogizer.Web", new[] { "Catalogizer.Domain", "Catalogizer.Jobs" })]
    public void Project_RefersOnlyToWhatItMayDependOn(string project, string[] allowed)
    {
        var inProject = XDocument.Load(RepositoryRoot.PathOf($"{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        var inAssembly = ReadAssembly(project, reader => reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("Catalogizer.", StringComparison.Ordinal))
            .ToList());

        Assert.Empty(inProject.Concat(inAssembly).Except(allowed));
    }

    [Theory]
    [InlineData("Catalogizer.Domain", "Microsoft.AspNetCore.Http")]
    [InlineData("Catalogizer.Domain", "Microsoft.AspNetCore.Mvc")]
    [InlineData("Catalogizer.Domain", "Microsoft.AspNetCore.Components")]
    [InlineData("Catalogizer.Domain", "Quartz")]
    [InlineData("Catalogizer.Domain", "Radzen")]
    [InlineData("Catalogizer.Jobs", "Microsoft.AspNetCore.Http")]
    [InlineData("Catalogizer.Jobs", "Microsoft.AspNetCore.Mvc")]
    [InlineData("Catalogizer.Jobs", "Microsoft.AspNetCore.Components")]
    [InlineData("Catalogizer.Jobs", "Radzen")]
    [InlineData("Catalogizer.Jobs", "SQLitePCL")]
    [InlineData("Catalogizer.Web", "Quartz")]
    [InlineData("Catalogizer.Web", "SQLitePCL")]
    public void Assembly_UsesNoTypeOfWhatItMustNotKnow(string project, string forbidden)
    {
        var used = TypesUsedBy(project);

        Assert.Contains(used, type => type.StartsWith("System.", StringComparison.Ordinal));
        Assert.Equal([], used.Where(type => type.StartsWith(forbidden + ".", StringComparison.Ordinal)));
    }

    /// <summary>Every type of another assembly that this one refers to, including in method bodies.</summary>
    private static List<string> TypesUsedBy(string project) => ReadAssembly(project, reader => reader.TypeReferences
        .Select(reader.GetTypeReference)
        .Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}")
        .ToList());

    private static T ReadAssembly<T>(string project, Func<MetadataReader, T> read)
    {
        using var assembly = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{project}.dll")));
        return read(assembly.GetMetadataReader());
    }
}
