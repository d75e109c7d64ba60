using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Sources;

/// <summary>The tables of Sources in the catalogue's model.</summary>
public static class SourcesModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<Source> Sources => db.Set<Source>();

        public DbSet<SmbSource> SmbSources => db.Set<SmbSource>();

        public DbSet<SourceStateRow> SourceStates => db.Set<SourceStateRow>();

        public DbSet<SourceOutage> SourceOutages => db.Set<SourceOutage>();
    }

    private sealed class SourceConfiguration : IEntityTypeConfiguration<Source>
    {
        public void Configure(EntityTypeBuilder<Source> builder)
        {
            builder.ToTable("sources");
            builder.Property(s => s.Name).UseCollation("NOCASE");
            builder.HasIndex(s => s.Name).IsUnique().HasFilter("standing <> 2");
            builder.HasQueryFilter(s => s.Standing != SourceLifecycle.Removed);
            builder.Property(s => s.Purpose).HasConversion<string>();
            builder.Property(s => s.Mode).HasConversion<string>();
            builder.HasOne(s => s.Smb).WithOne().HasForeignKey<SmbSource>(s => s.SourceId);
        }
    }

    private sealed class SmbSourceConfiguration : IEntityTypeConfiguration<SmbSource>
    {
        public void Configure(EntityTypeBuilder<SmbSource> builder)
        {
            builder.ToTable("smb_sources");
            builder.HasKey(s => s.SourceId);
            builder.Property(s => s.Encryption).HasConversion<string>();
        }
    }

    private sealed class SourceStateRowConfiguration : IEntityTypeConfiguration<SourceStateRow>
    {
        public void Configure(EntityTypeBuilder<SourceStateRow> builder)
        {
            builder.ToTable("source_states");
            builder.Property(s => s.State).HasConversion<string>();
            builder.HasIndex(s => new { s.SourceId, s.Id });
            builder.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        }
    }

    private sealed class SourceOutageConfiguration : IEntityTypeConfiguration<SourceOutage>
    {
        public void Configure(EntityTypeBuilder<SourceOutage> builder)
        {
            builder.ToTable("source_outages");
            builder.HasOne<Source>().WithMany().HasForeignKey(o => o.SourceId);
        }
    }
}
