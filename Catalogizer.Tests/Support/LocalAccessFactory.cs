using Catalogizer.Domain.Sources.Local;
using Catalogizer.Domain.Storage;

namespace Catalogizer.Tests.Support;

/// <summary>The local file access of a program with its data in a home folder.</summary>
internal static class LocalAccessFactory
{
    public static LocalAccess CreateFor(TemporaryFolder home, params string[] roots) =>
        new(new OwnFiles(DataDirectory.Open(new StorageOptions(), home.Path), TimeProvider.System), roots);
}
