using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The tables of Health in the catalogue's model.</summary>
public static class HealthModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<HealthPeriod> HealthChecks => db.Set<HealthPeriod>();
    }

    private sealed class HealthPeriodConfiguration : IEntityTypeConfiguration<HealthPeriod>
    {
        public void Configure(EntityTypeBuilder<HealthPeriod> builder)
        {
            builder.ToTable("health_checks");
            builder.HasIndex(c => new { c.Name, c.Id });
        }
    }
}
