using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Catalogizer.Tests.Support;

/// <summary>bUnit asks for a newer AngleSharp.Diffing than can be restored; the one beside the tests does what they use.</summary>
internal static class AngleSharpDiffing
{
#pragma warning disable CA2255 // It must be in place before the test framework loads a component test.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
        ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
        : null;
}
