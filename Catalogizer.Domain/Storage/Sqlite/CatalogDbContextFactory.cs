using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>Creates contexts over keyed connections whose saves wait in the writer queue.</summary>
internal sealed class CatalogDbContextFactory(SqliteFile file, WriterQueue writer, IEnumerable<ISaveChangesInterceptor> interceptors) : IDbContextFactory<CatalogDbContext>
{
    /// <summary>The features' interceptors run first: what they read must not wait in the writer queue.</summary>
    private readonly IInterceptor[] _interceptors = [.. interceptors, new WriterQueueInterceptor(writer)];

    public CatalogDbContext CreateDbContext() => new(new DbContextOptionsBuilder<CatalogDbContext>()
        .UseSqlite(file.CreateConnection(), contextOwnsConnection: true)
        .AddInterceptors(_interceptors)
        .Options);
}
