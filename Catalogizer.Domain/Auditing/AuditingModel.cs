using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Auditing;

/// <summary>The tables of Auditing in the catalogue's model.</summary>
public static class AuditingModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<AuditEntry> AuditLogs => db.Set<AuditEntry>();
    }

    private sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit_logs");
            builder.HasIndex(e => e.At);
            builder.HasIndex(e => e.UserName);
            builder.HasIndex(e => e.Action);
        }
    }
}
