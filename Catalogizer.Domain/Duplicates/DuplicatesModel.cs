using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Duplicates;

/// <summary>The tables of Duplicates in the catalogue's model.</summary>
internal static class DuplicatesModel
{
    private sealed class FileFingerprintConfiguration : IEntityTypeConfiguration<FileFingerprint>
    {
        public void Configure(EntityTypeBuilder<FileFingerprint> builder)
        {
            builder.Property(p => p.IsRedundant).HasColumnName("surplus");
            builder.ToTable("file_prints");
            builder.HasKey(p => p.FileId);
            builder.Property(p => p.FileId).ValueGeneratedNever();
            builder.HasIndex(p => p.Size);
            builder.HasIndex(p => new { p.Grouped, p.Size }).HasFilter("grouped = 0").HasDatabaseName("idx_prints_ungrouped");
            builder.HasIndex(p => p.GroupId).HasFilter("group_id IS NOT NULL");
        }
    }

    private sealed class DuplicateGroupConfiguration : IEntityTypeConfiguration<DuplicateGroup>
    {
        public void Configure(EntityTypeBuilder<DuplicateGroup> builder)
        {
            builder.ToTable("duplicate_groups");
            builder.Property(g => g.Id).ValueGeneratedNever();
            builder.HasIndex(g => g.Size);
            builder.HasIndex(g => g.ItemId).HasFilter("item_id IS NOT NULL");
        }
    }

    private sealed class DuplicateSourceTotalConfiguration : IEntityTypeConfiguration<DuplicateSourceTotal>
    {
        public void Configure(EntityTypeBuilder<DuplicateSourceTotal> builder)
        {
            builder.ToTable("duplicate_shares");
            builder.HasKey(s => new { s.GroupId, s.SourceId });
            builder.HasIndex(s => new { s.Kind, s.SourceId, s.Bytes, s.GroupId, s.MediaType });
        }
    }

    private sealed class DuplicateTotalConfiguration : IEntityTypeConfiguration<DuplicateTotal>
    {
        public void Configure(EntityTypeBuilder<DuplicateTotal> builder)
        {
            builder.ToTable("duplicate_totals");
            builder.HasKey(t => new { t.Kind, t.SourceId, t.MediaType });
        }
    }
}
