using System.Data.Common;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Auditing.Storage;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Catalogizer.Domain.Storage;

/// <summary>
/// The catalogue's model. Accounts, sources, scans and settings are read and written through it; the hot paths over
/// files and items (scan writes, search, facets) use prepared commands on the same tables, in the features' Storage folders.
/// </summary>
public sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : IdentityUserContext<User, long>(options)
{
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<PasswordLink> PasswordLinks => Set<PasswordLink>();

    public DbSet<Source> Sources => Set<Source>();

    public DbSet<SmbSource> SmbSources => Set<SmbSource>();

    public DbSet<SourceStateRow> SourceStates => Set<SourceStateRow>();

    public DbSet<SourceOutage> SourceOutages => Set<SourceOutage>();

    public DbSet<FolderRow> Folders => Set<FolderRow>();

    public DbSet<FileRow> Files => Set<FileRow>();

    public DbSet<ItemRow> Items => Set<ItemRow>();

    /// <summary>The items that are on at least one counted source.</summary>
    public IQueryable<ItemRow> CountedItems => Items.Where(i => PresenceSets.Any(h => h.Id == i.PresenceSetId && h.Standing == SourceLifecycle.Counted));

    public DbSet<VersionRow> Versions => Set<VersionRow>();

    public DbSet<AnalysisState> Analyses => Set<AnalysisState>();

    public DbSet<ItemEdit> Edits => Set<ItemEdit>();

    public DbSet<ItemMerge> Merges => Set<ItemMerge>();

    public DbSet<PresenceSetRow> PresenceSets => Set<PresenceSetRow>();

    public DbSet<Scan> Scans => Set<Scan>();

    public DbSet<PendingDeletion> PendingDeletions => Set<PendingDeletion>();

    public DbSet<FileEvent> FileEvents => Set<FileEvent>();

    public DbSet<AuditEntry> AuditLogs => Set<AuditEntry>();

    /// <summary>Saves the changes and their audit entry in one transaction.</summary>
    /// <param name="entry">Called after the changes are saved, when new rows have their ids.</param>
    public async Task SaveAuditedAsync(Func<AuditEntry> entry, CancellationToken cancellation)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellation);
        try
        {
            await SaveChangesAsync(cancellation);
            AuditLogs.Add(entry());
            await SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch
        {
            await RollbackAsync(transaction);
            throw;
        }
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var unnamed = ChangeTracker.Entries<AuditEntry>().Where(e => e is { State: EntityState.Added, Entity: { Target: not null, TargetName: null } }).Select(e => e.Entity).ToList();
        if (unnamed.Count > 0)
        {
            var names = await FindTargetNamesAsync(unnamed.Select(e => e.Target!).ToHashSet(), cancellationToken);
            unnamed.ForEach(entry => entry.TargetName = names[entry.Target!]);
        }

        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>The current names of audited objects by target; null for those that do not exist or have no name.</summary>
    internal async Task<IReadOnlyDictionary<string, string?>> FindTargetNamesAsync(IReadOnlySet<string> targets, CancellationToken cancellation)
    {
        await Database.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = Database.CurrentTransaction?.GetDbTransaction();
            return targets.ToDictionary(target => target, target => AuditTargets.FindName(Database.GetDbConnection(), transaction, target));
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    public DbSet<SnapshotDay> SnapshotDays => Set<SnapshotDay>();

    public DbSet<SnapshotCount> SnapshotCounts => Set<SnapshotCount>();

    public DbSet<LargestEntry> LargestEntries => Set<LargestEntry>();
    public DbSet<ErrorLogEntry> Errors => Set<ErrorLogEntry>();

    public DbSet<MetricRow> Metrics => Set<MetricRow>();

    public DbSet<HealthPeriod> HealthChecks => Set<HealthPeriod>();

    public DbSet<MatchRow> Matches => Set<MatchRow>();

    public DbSet<ExternalMetadata> ExternalMetadata => Set<ExternalMetadata>();

    public DbSet<Artwork> Artworks => Set<Artwork>();

    public DbSet<ItemArtwork> ItemArtworks => Set<ItemArtwork>();

    public DbSet<Setting> Settings => Set<Setting>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot order by DateTimeOffset; every instant is stored as Unix milliseconds.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
    }

    private static async Task RollbackAsync(IDbContextTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        catch (DbException)
        {
            // SQLite rolls a transaction back itself when the disk is full.
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        ConfigureAccounts(builder);
        ConfigureSources(builder);
        ConfigureCatalog(builder);
        ConfigureAnalytics(builder);
        ConfigureMetadata(builder);
        ConfigureDuplicates(builder);
        SnakeCase.Apply(builder);
    }

    private static void ConfigureAccounts(ModelBuilder builder)
    {
        builder.Entity<User>(user =>
        {
            user.ToTable("users");
            user.Property(u => u.Role).HasConversion<string>();
        });
        builder.Entity<IdentityUserClaim<long>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("user_tokens");
        builder.Entity<RefreshToken>(token =>
        {
            token.ToTable("refresh_tokens");
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasIndex(t => t.Family);
            token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<PasswordLink>(link =>
        {
            link.ToTable("password_links");
            link.HasIndex(l => l.Hash).IsUnique();
            link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("audit_logs");
            entry.HasIndex(e => e.At);
            entry.HasIndex(e => e.UserName);
            entry.HasIndex(e => e.Action);
        });
        builder.Entity<ErrorLogEntry>(error =>
        {
            error.ToTable("error_logs");
            error.HasIndex(e => e.Fingerprint).IsUnique();
            error.HasIndex(e => e.LastSeen);
            error.Property(e => e.Status).HasConversion<string>();
        });
        builder.Entity<MetricRow>(metric =>
        {
            metric.ToTable("performance_metrics");
            metric.HasKey(m => new { m.Period, m.At, m.Name, m.Labels });
        });
        builder.Entity<HealthPeriod>(check =>
        {
            check.ToTable("health_checks");
            check.HasIndex(c => new { c.Name, c.Id });
        });
        builder.Entity<Setting>(setting =>
        {
            setting.ToTable("settings");
            setting.HasKey(s => s.Key);
        });
    }

    private void ConfigureSources(ModelBuilder builder)
    {
        builder.Entity<Source>(source =>
        {
            source.ToTable("sources");
            source.Property(s => s.Name).UseCollation("NOCASE");
            source.HasIndex(s => s.Name).IsUnique().HasFilter("standing <> 2");
            source.HasQueryFilter(s => s.Standing != SourceLifecycle.Removed);
            source.Property(s => s.Purpose).HasConversion<string>();
            source.Property(s => s.Mode).HasConversion<string>();
            source.HasOne(s => s.Smb).WithOne().HasForeignKey<SmbSource>(s => s.SourceId);
        });
        builder.Entity<SmbSource>(smb =>
        {
            smb.ToTable("smb_sources");
            smb.HasKey(s => s.SourceId);
            smb.Property(s => s.Encryption).HasConversion<string>();
        });
        builder.Entity<SourceStateRow>(state =>
        {
            state.ToTable("source_states");
            state.Property(s => s.State).HasConversion<string>();
            state.HasIndex(s => new { s.SourceId, s.Id });
            state.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        });
        builder.Entity<SourceOutage>(outage =>
        {
            outage.ToTable("source_outages");
            outage.HasOne<Source>().WithMany().HasForeignKey(o => o.SourceId);
        });
        builder.Entity<Scan>(scan =>
        {
            scan.ToTable("scans");
            scan.Property(s => s.Kind).HasConversion<string>();
            scan.Property(s => s.State).HasConversion<string>();
            scan.HasIndex(s => new { s.SourceId, s.Id });
            scan.HasQueryFilter(s => Sources.Any(source => source.Id == s.SourceId));
            scan.HasOne<Source>().WithMany().HasForeignKey(s => s.SourceId);
        });
        builder.Entity<PendingDeletion>(deletion =>
        {
            deletion.ToTable("scan_losses");
            deletion.HasKey(l => new { l.ScanId, l.FileId });
        });
    }

    private static void ConfigureCatalog(ModelBuilder builder)
    {
        builder.Entity<FolderRow>(folder =>
        {
            folder.ToTable("folders");
            folder.Property(f => f.Id).ValueGeneratedNever();
            folder.HasIndex(f => new { f.SourceId, f.Path }).IsUnique();
            folder.HasIndex(f => f.ParentId);
        });

        // The single writer assigns the ids. Files, items and versions have no foreign keys: checking each row would cost a scan a third of its
        // speed, and the writer inserts the rows they refer to in the same transaction.
        builder.Entity<FileRow>(file =>
        {
            file.ToTable("files");
            file.Property(f => f.Id).ValueGeneratedNever();
            file.HasIndex(f => new { f.FolderId, f.Name }).IsUnique();
            file.HasIndex(f => f.VersionId);
        });
        builder.Entity<ItemRow>(item =>
        {
            item.Property(i => i.PresenceSetId).HasColumnName("holding_id");
            item.Property(i => i.IsListed).HasColumnName("is_work");
            item.ToTable("media_items");
            item.Property(i => i.Id).ValueGeneratedNever();
            item.HasIndex(i => i.IdentityHash);
            item.HasIndex(i => i.ParentId).HasFilter("parent_id IS NOT NULL");
            // The orders of the library. The type comes first: one type is a contiguous range of its index, and all types are a merge of ten.
            // SQLite appends the row's id to every index; only the descending one has to name it.
            item.HasIndex(i => new { i.MediaType, i.SortTitle }).HasFilter("is_work = 1").HasDatabaseName("idx_work_title");
            item.HasIndex(i => new { i.MediaType, i.Year }).HasFilter("is_work = 1").HasDatabaseName("idx_work_year");
            item.HasIndex(i => new { i.MediaType, i.Rating }).HasFilter("is_work = 1").HasDatabaseName("idx_work_rating");
            item.HasIndex(i => new { i.MediaType, i.UpdatedAt }).HasFilter("is_work = 1").HasDatabaseName("idx_work_updated");
            item.HasIndex(i => new { i.MediaType, i.FirstSeenAt }).HasFilter("is_work = 1").HasDatabaseName("idx_work_added");
            item.HasIndex(i => new { i.UpdatedAt, i.Id }).IsDescending(true, true).HasFilter("is_work = 1").HasDatabaseName("idx_media_updated_desc");

            // The filters: items with the same values are adjacent, and rated items are ordered by rating. Both cover all sort columns.
            item.HasIndex(i => new { i.MediaType, i.Year, i.BestResolution, i.BestCodec, i.PresenceSetId, i.Rating, i.FirstSeenAt, i.UpdatedAt, i.SortTitle })
                .HasFilter("is_work = 1").HasDatabaseName("idx_media_type_year");
            item.HasIndex(i => new { i.Rating, i.MediaType, i.Year, i.BestResolution, i.BestCodec, i.PresenceSetId, i.FirstSeenAt, i.UpdatedAt, i.SortTitle })
                .IsDescending(true, false, false, false, false, false, false, false, false).HasFilter("is_work = 1 AND rating IS NOT NULL").HasDatabaseName("idx_media_rating_desc");
        });
        builder.Entity<VersionRow>(version =>
        {
            version.ToTable("media_versions");
            version.Property(v => v.Id).ValueGeneratedNever();
            version.HasIndex(v => v.ItemId);
        });
        builder.Entity<AnalysisState>(analysis =>
        {
            analysis.ToTable("version_analyses");
            analysis.HasKey(a => a.VersionId);
            analysis.HasIndex(a => a.At).HasFilter("error IS NOT NULL").HasDatabaseName("ix_version_analyses_failed");
            analysis.Property(a => a.VersionId).ValueGeneratedNever();
        });
        builder.Entity<ItemEdit>(edit =>
        {
            edit.ToTable("item_edits");
            edit.HasKey(e => new { e.ItemId, e.Field });
        });
        builder.Entity<ItemMerge>(merge =>
        {
            merge.ToTable("work_joins");
            merge.HasIndex(j => j.FromItem);
            merge.HasIndex(j => j.ToItem);
            merge.HasIndex(j => j.VersionId).HasFilter("version_id IS NOT NULL");
        });
        builder.Entity<PresenceSetRow>(presenceSet =>
        {
            presenceSet.ToTable("holdings");
            presenceSet.Property(h => h.Id).ValueGeneratedNever();
            presenceSet.HasIndex(h => h.Pattern).IsUnique();
        });
        builder.Entity<FileEvent>(fileEvent =>
        {
            fileEvent.ToTable("file_events");
            fileEvent.Property(e => e.Id).ValueGeneratedNever();
            fileEvent.HasIndex(e => e.FileId);
        });
    }

    private static void ConfigureAnalytics(ModelBuilder builder)
    {
        builder.Entity<SnapshotDay>(day =>
        {
            day.ToTable("analytics_days");
            day.HasKey(d => d.Day);
        });
        builder.Entity<SnapshotCount>(count =>
        {
            count.ToTable("analytics_counts");
            count.HasKey(c => new { c.Day, c.Facet, c.Value });
            count.Property(c => c.Facet).HasConversion<string>();
        });
        builder.Entity<LargestEntry>(largest =>
        {
            largest.ToTable("analytics_largest");
            largest.HasKey(l => new { l.List, l.Place });
            largest.Property(l => l.List).HasConversion<string>();
        });
    }

    private static void ConfigureDuplicates(ModelBuilder builder)
    {
        builder.Entity<FileFingerprint>(fingerprint =>
        {
            fingerprint.Property(p => p.IsRedundant).HasColumnName("surplus");
            fingerprint.ToTable("file_prints");
            fingerprint.HasKey(p => p.FileId);
            fingerprint.Property(p => p.FileId).ValueGeneratedNever();
            fingerprint.HasIndex(p => p.Size);
            fingerprint.HasIndex(p => new { p.Grouped, p.Size }).HasFilter("grouped = 0").HasDatabaseName("idx_prints_ungrouped");
            fingerprint.HasIndex(p => p.GroupId).HasFilter("group_id IS NOT NULL");
        });
        builder.Entity<DuplicateGroup>(group =>
        {
            group.ToTable("duplicate_groups");
            group.Property(g => g.Id).ValueGeneratedNever();
            group.HasIndex(g => g.Size);
            group.HasIndex(g => g.ItemId).HasFilter("item_id IS NOT NULL");
        });
        builder.Entity<DuplicateSourceTotal>(sourceTotal =>
        {
            sourceTotal.ToTable("duplicate_shares");
            sourceTotal.HasKey(s => new { s.GroupId, s.SourceId });
            sourceTotal.HasIndex(s => new { s.Kind, s.SourceId, s.Bytes, s.GroupId, s.MediaType });
        });
        builder.Entity<DuplicateTotal>(total =>
        {
            total.ToTable("duplicate_totals");
            total.HasKey(t => new { t.Kind, t.SourceId, t.MediaType });
        });
    }

    private static void ConfigureMetadata(ModelBuilder builder)
    {
        builder.Entity<MatchRow>(match =>
        {
            match.ToTable("media_matches");
            match.HasKey(m => m.ItemId);
            match.Property(m => m.ItemId).ValueGeneratedNever();
            match.Property(m => m.State).HasConversion<string>();
            match.HasIndex(m => new { m.State, m.Confidence });
        });
        builder.Entity<ExternalMetadata>(record =>
        {
            record.ToTable("external_metadata");
            record.HasKey(e => new { e.ItemId, e.Provider });
            record.HasIndex(e => e.ExpiresAt);
        });
        builder.Entity<ProviderResponseRow>(response =>
        {
            response.ToTable("provider_answers");
            response.HasKey(a => a.Key);
        });
        builder.Entity<ItemArtwork>(itemArtwork =>
        {
            itemArtwork.ToTable("item_pictures");
            itemArtwork.HasKey(p => new { p.ItemId, p.Layer });
            itemArtwork.HasIndex(p => p.FileId).HasFilter("file_id IS NOT NULL");
            itemArtwork.HasIndex(p => p.Address).HasFilter("address IS NOT NULL");
        });
        builder.Entity<Artwork>(artwork =>
        {
            artwork.ToTable("artwork");
            artwork.HasKey(a => a.Hash);
            artwork.HasIndex(a => a.SourceUrl);
        });
    }

    private sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
