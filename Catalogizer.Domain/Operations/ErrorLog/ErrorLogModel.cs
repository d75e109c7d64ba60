using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>The tables of ErrorLog in the catalogue's model.</summary>
public static class ErrorLogModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<ErrorLogEntry> Errors => db.Set<ErrorLogEntry>();
    }

    private sealed class ErrorLogEntryConfiguration : IEntityTypeConfiguration<ErrorLogEntry>
    {
        public void Configure(EntityTypeBuilder<ErrorLogEntry> builder)
        {
            builder.ToTable("error_logs");
            builder.HasIndex(e => e.Fingerprint).IsUnique();
            builder.HasIndex(e => e.LastSeen);
            builder.Property(e => e.Status).HasConversion<string>();
        }
    }
}
