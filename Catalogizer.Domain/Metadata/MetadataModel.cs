using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Metadata;

/// <summary>The tables of Metadata in the catalogue's model.</summary>
public static class MetadataModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<MatchRow> Matches => db.Set<MatchRow>();

        public DbSet<ExternalMetadata> ExternalMetadata => db.Set<ExternalMetadata>();

        public DbSet<ItemArtwork> ItemArtworks => db.Set<ItemArtwork>();

        public DbSet<Artwork> Artworks => db.Set<Artwork>();
    }

    private sealed class MatchRowConfiguration : IEntityTypeConfiguration<MatchRow>
    {
        public void Configure(EntityTypeBuilder<MatchRow> builder)
        {
            builder.ToTable("media_matches");
            builder.HasKey(m => m.ItemId);
            builder.Property(m => m.ItemId).ValueGeneratedNever();
            builder.Property(m => m.State).HasConversion<string>();
            builder.HasIndex(m => new { m.State, m.Confidence });
        }
    }

    private sealed class ExternalMetadataConfiguration : IEntityTypeConfiguration<ExternalMetadata>
    {
        public void Configure(EntityTypeBuilder<ExternalMetadata> builder)
        {
            builder.ToTable("external_metadata");
            builder.HasKey(e => new { e.ItemId, e.Provider });
            builder.HasIndex(e => e.ExpiresAt);
        }
    }

    private sealed class ProviderResponseRowConfiguration : IEntityTypeConfiguration<ProviderResponseRow>
    {
        public void Configure(EntityTypeBuilder<ProviderResponseRow> builder)
        {
            builder.ToTable("provider_answers");
            builder.HasKey(a => a.Key);
        }
    }

    private sealed class ItemArtworkConfiguration : IEntityTypeConfiguration<ItemArtwork>
    {
        public void Configure(EntityTypeBuilder<ItemArtwork> builder)
        {
            builder.ToTable("item_pictures");
            builder.HasKey(p => new { p.ItemId, p.Layer });
            builder.HasIndex(p => p.FileId).HasFilter("file_id IS NOT NULL");
            builder.HasIndex(p => p.Address).HasFilter("address IS NOT NULL");
        }
    }

    private sealed class ArtworkConfiguration : IEntityTypeConfiguration<Artwork>
    {
        public void Configure(EntityTypeBuilder<Artwork> builder)
        {
            builder.ToTable("artwork");
            builder.HasKey(a => a.Hash);
            builder.HasIndex(a => a.SourceUrl);
        }
    }
}
