using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Scanning;

/// <summary>The tables of Scanning in the catalogue's model.</summary>
public static class ScanningModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<Scan> Scans => db.Set<Scan>();

        public DbSet<PendingDeletion> PendingDeletions => db.Set<PendingDeletion>();

        public DbSet<FileEvent> FileEvents => db.Set<FileEvent>();
    }

    private sealed class ScanConfiguration : IEntityTypeConfiguration<Scan>
    {
        /// <summary>Stands for the context in the filter below: EF puts the context of each query in its place.</summary>
        private static CatalogDbContext Context => null!;

        public void Configure(EntityTypeBuilder<Scan> builder)
        {
            builder.ToTable("scans");
            builder.Property(s => s.Kind).HasConversion<string>();
            builder.Property(s => s.State).HasConversion<string>();
            builder.HasIndex(s => new { s.SourceId, s.Id });
            builder.HasQueryFilter(s => Context.Set<Source>().Any(source => source.Id == s.SourceId));
            builder.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        }
    }

    private sealed class PendingDeletionConfiguration : IEntityTypeConfiguration<PendingDeletion>
    {
        public void Configure(EntityTypeBuilder<PendingDeletion> builder)
        {
            builder.ToTable("scan_losses");
            builder.HasKey(l => new { l.ScanId, l.FileId });
        }
    }

    private sealed class FileEventConfiguration : IEntityTypeConfiguration<FileEvent>
    {
        public void Configure(EntityTypeBuilder<FileEvent> builder)
        {
            builder.ToTable("file_events");
            builder.Property(e => e.Id).ValueGeneratedNever();
            builder.HasIndex(e => e.FileId);
        }
    }
}
