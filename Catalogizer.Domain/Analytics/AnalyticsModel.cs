using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Analytics;

/// <summary>The tables of Analytics in the catalogue's model.</summary>
public static class AnalyticsModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<SnapshotDay> SnapshotDays => db.Set<SnapshotDay>();

        public DbSet<SnapshotCount> SnapshotCounts => db.Set<SnapshotCount>();

        public DbSet<LargestEntry> LargestEntries => db.Set<LargestEntry>();
    }

    private sealed class SnapshotDayConfiguration : IEntityTypeConfiguration<SnapshotDay>
    {
        public void Configure(EntityTypeBuilder<SnapshotDay> builder)
        {
            builder.ToTable("analytics_days");
            builder.HasKey(d => d.Day);
        }
    }

    private sealed class SnapshotCountConfiguration : IEntityTypeConfiguration<SnapshotCount>
    {
        public void Configure(EntityTypeBuilder<SnapshotCount> builder)
        {
            builder.ToTable("analytics_counts");
            builder.HasKey(c => new { c.Day, c.Facet, c.Value });
            builder.Property(c => c.Facet).HasConversion<string>();
        }
    }

    private sealed class LargestEntryConfiguration : IEntityTypeConfiguration<LargestEntry>
    {
        public void Configure(EntityTypeBuilder<LargestEntry> builder)
        {
            builder.ToTable("analytics_largest");
            builder.HasKey(l => new { l.List, l.Place });
            builder.Property(l => l.List).HasConversion<string>();
        }
    }
}
