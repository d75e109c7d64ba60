using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Quality;

/// <summary>The tables of Quality in the catalogue's model.</summary>
public static class QualityModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<AnalysisState> Analyses => db.Set<AnalysisState>();
    }

    private sealed class AnalysisStateConfiguration : IEntityTypeConfiguration<AnalysisState>
    {
        public void Configure(EntityTypeBuilder<AnalysisState> builder)
        {
            builder.ToTable("version_analyses");
            builder.HasKey(a => a.VersionId);
            builder.HasIndex(a => a.At).HasFilter("error IS NOT NULL").HasDatabaseName("ix_version_analyses_failed");
            builder.Property(a => a.VersionId).ValueGeneratedNever();
        }
    }
}
