using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>The tables of Metrics in the catalogue's model.</summary>
public static class MetricsModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<MetricRow> Metrics => db.Set<MetricRow>();
    }

    private sealed class MetricRowConfiguration : IEntityTypeConfiguration<MetricRow>
    {
        public void Configure(EntityTypeBuilder<MetricRow> builder)
        {
            builder.ToTable("performance_metrics");
            builder.HasKey(m => new { m.Period, m.At, m.Name, m.Labels });
        }
    }
}
