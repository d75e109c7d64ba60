using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Makes contexts over keyed connections whose saves take their turn in the writer queue.</summary>
internal sealed class CatalogDbContextFactory(SqliteFile file, WriterQueue writer) : IDbContextFactory<CatalogDbContext>
{
    private readonly WriterQueueInterceptor _interceptor = new(writer);

    public CatalogDbContext CreateDbContext() => new(new DbContextOptionsBuilder<CatalogDbContext>()
        .UseSqlite(file.CreateConnection(), contextOwnsConnection: true)
        .AddInterceptors(_interceptor)
        .Options);
}
