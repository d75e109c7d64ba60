using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Catalogizer.Tests.Storage;

/// <summary>Used by <c>dotnet ef</c> to create migrations; see docs/development.md.</summary>
public sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<CatalogDbContext>
{
    public CatalogDbContext CreateDbContext(string[] args)
    {
        SqlCipher.Load();
        return new CatalogDbContext(new DbContextOptionsBuilder<CatalogDbContext>().UseSqlite("Data Source=:memory:").Options);
    }
}
