using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Creates contexts over keyed connections whose saves wait in the writer queue.</summary>
internal sealed class CatalogDbContextFactory(SqliteFile file, WriterQueue writer) : IDbContextFactory<CatalogDbContext>
{
    private readonly WriterQueueInterceptor _interceptor = new(writer);

    public CatalogDbContext CreateDbContext() => new(new DbContextOptionsBuilder<CatalogDbContext>()
        .UseSqlite(file.CreateConnection(), contextOwnsConnection: true)
        .AddInterceptors(_interceptor)
        .Options);
}
