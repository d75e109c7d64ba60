using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Library;

/// <summary>The tables of Library in the catalogue's model.</summary>
public static class LibraryModel
{
    /// <summary>Condition of the sidecars and extras that have no owner yet, for queries that use their index.</summary>
    internal const string UnownedSidecarsSql = "role = 1 AND version_id IS NULL AND item_id IS NULL";

    extension(CatalogDbContext db)
    {
        public DbSet<FolderRow> Folders => db.Set<FolderRow>();

        public DbSet<FileRow> Files => db.Set<FileRow>();

        public DbSet<ItemRow> Items => db.Set<ItemRow>();

        /// <summary>The items that are on at least one counted source.</summary>
        public IQueryable<ItemRow> CountedItems =>
            db.Set<ItemRow>().Where(i => db.Set<PresenceSetRow>().Any(h => h.Id == i.PresenceSetId && h.Standing == SourceLifecycle.Counted));

        public DbSet<VersionRow> Versions => db.Set<VersionRow>();

        public DbSet<ItemEdit> Edits => db.Set<ItemEdit>();

        public DbSet<ItemMerge> Merges => db.Set<ItemMerge>();

        public DbSet<PresenceSetRow> PresenceSets => db.Set<PresenceSetRow>();
    }

    private sealed class FolderRowConfiguration : IEntityTypeConfiguration<FolderRow>
    {
        public void Configure(EntityTypeBuilder<FolderRow> builder)
        {
            builder.ToTable("folders");
            builder.Property(f => f.Id).ValueGeneratedNever();
            builder.HasIndex(f => new { f.SourceId, f.Path }).IsUnique();
            builder.HasIndex(f => f.ParentId);
        }
    }

    private sealed class FileRowConfiguration : IEntityTypeConfiguration<FileRow>
    {
        public void Configure(EntityTypeBuilder<FileRow> builder)
        {
            builder.ToTable("files");
            builder.Property(f => f.Id).ValueGeneratedNever();
            builder.HasIndex(f => new { f.FolderId, f.Name }).IsUnique();
            builder.HasIndex(f => f.VersionId);
            builder.HasIndex(f => f.ItemId).HasFilter("item_id IS NOT NULL");
            builder.HasIndex(f => new { f.SourceId, f.FolderId }).HasFilter(UnownedSidecarsSql).HasDatabaseName("ix_files_unowned");
        }
    }

    private sealed class ItemRowConfiguration : IEntityTypeConfiguration<ItemRow>
    {
        public void Configure(EntityTypeBuilder<ItemRow> builder)
        {
            builder.Property(i => i.PresenceSetId).HasColumnName("holding_id");
            builder.Property(i => i.IsListed).HasColumnName("is_work");
            builder.ToTable("media_items");
            builder.Property(i => i.Id).ValueGeneratedNever();
            builder.HasIndex(i => i.IdentityHash);
            builder.HasIndex(i => i.ParentId).HasFilter("parent_id IS NOT NULL");
            // The orders of the library. The type comes first: one type is a contiguous range of its index, and all types are a merge of ten.
            // SQLite appends the row's id to every index; only the descending one has to name it.
            builder.HasIndex(i => new { i.MediaType, i.SortTitle }).HasFilter("is_work = 1").HasDatabaseName("idx_work_title");
            builder.HasIndex(i => new { i.MediaType, i.Year }).HasFilter("is_work = 1").HasDatabaseName("idx_work_year");
            builder.HasIndex(i => new { i.MediaType, i.Rating }).HasFilter("is_work = 1").HasDatabaseName("idx_work_rating");
            builder.HasIndex(i => new { i.MediaType, i.UpdatedAt }).HasFilter("is_work = 1").HasDatabaseName("idx_work_updated");
            builder.HasIndex(i => new { i.MediaType, i.FirstSeenAt }).HasFilter("is_work = 1").HasDatabaseName("idx_work_added");
            builder.HasIndex(i => new { i.UpdatedAt, i.Id }).IsDescending(true, true).HasFilter("is_work = 1").HasDatabaseName("idx_media_updated_desc");

            // The filters: items with the same values are adjacent, and rated items are ordered by rating. Both cover all sort columns.
            builder.HasIndex(i => new { i.MediaType, i.Year, i.BestResolution, i.BestCodec, i.PresenceSetId, i.Rating, i.FirstSeenAt, i.UpdatedAt, i.SortTitle })
                .HasFilter("is_work = 1").HasDatabaseName("idx_media_type_year");
            builder.HasIndex(i => new { i.Rating, i.MediaType, i.Year, i.BestResolution, i.BestCodec, i.PresenceSetId, i.FirstSeenAt, i.UpdatedAt, i.SortTitle })
                .IsDescending(true, false, false, false, false, false, false, false, false).HasFilter("is_work = 1 AND rating IS NOT NULL").HasDatabaseName("idx_media_rating_desc");
        }
    }

    private sealed class VersionRowConfiguration : IEntityTypeConfiguration<VersionRow>
    {
        public void Configure(EntityTypeBuilder<VersionRow> builder)
        {
            builder.ToTable("media_versions");
            builder.Property(v => v.Id).ValueGeneratedNever();
            builder.HasIndex(v => v.ItemId);
        }
    }

    private sealed class ItemEditConfiguration : IEntityTypeConfiguration<ItemEdit>
    {
        public void Configure(EntityTypeBuilder<ItemEdit> builder)
        {
            builder.ToTable("item_edits");
            builder.HasKey(e => new { e.ItemId, e.Field });
        }
    }

    private sealed class ItemMergeConfiguration : IEntityTypeConfiguration<ItemMerge>
    {
        public void Configure(EntityTypeBuilder<ItemMerge> builder)
        {
            builder.ToTable("work_joins");
            builder.HasIndex(j => j.FromItem);
            builder.HasIndex(j => j.ToItem);
            builder.HasIndex(j => j.VersionId).HasFilter("version_id IS NOT NULL");
        }
    }

    private sealed class PresenceSetRowConfiguration : IEntityTypeConfiguration<PresenceSetRow>
    {
        public void Configure(EntityTypeBuilder<PresenceSetRow> builder)
        {
            builder.ToTable("holdings");
            builder.Property(h => h.Id).ValueGeneratedNever();
            builder.HasIndex(h => h.Pattern).IsUnique();
        }
    }
}
