using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Catalogizer.Domain.Accounts;

/// <summary>The tables of Accounts in the catalogue's model.</summary>
public static class AccountsModel
{
    extension(CatalogDbContext db)
    {
        public DbSet<User> Users => db.Set<User>();

        public DbSet<IdentityUserClaim<long>> UserClaims => db.Set<IdentityUserClaim<long>>();

        public DbSet<IdentityUserToken<long>> UserTokens => db.Set<IdentityUserToken<long>>();

        public DbSet<RefreshToken> RefreshTokens => db.Set<RefreshToken>();

        public DbSet<ApiKey> ApiKeys => db.Set<ApiKey>();

        public DbSet<PasswordLink> PasswordLinks => db.Set<PasswordLink>();
    }

    private sealed class UserConfiguration : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("users");
            builder.Property(u => u.Role).HasConversion<string>();

            // As Identity's own context has it.
            builder.HasIndex(u => u.NormalizedUserName).HasDatabaseName("UserNameIndex").IsUnique();
            builder.HasIndex(u => u.NormalizedEmail).HasDatabaseName("EmailIndex");
            builder.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
            builder.Property(u => u.UserName).HasMaxLength(256);
            builder.Property(u => u.NormalizedUserName).HasMaxLength(256);
            builder.Property(u => u.Email).HasMaxLength(256);
            builder.Property(u => u.NormalizedEmail).HasMaxLength(256);
            builder.HasMany<IdentityUserClaim<long>>().WithOne().HasForeignKey(claim => claim.UserId).IsRequired();
            builder.HasMany<IdentityUserLogin<long>>().WithOne().HasForeignKey(login => login.UserId).IsRequired();
            builder.HasMany<IdentityUserToken<long>>().WithOne().HasForeignKey(token => token.UserId).IsRequired();
        }
    }

    private sealed class UserClaimConfiguration : IEntityTypeConfiguration<IdentityUserClaim<long>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserClaim<long>> builder) => builder.ToTable("user_claims");
    }

    private sealed class UserLoginConfiguration : IEntityTypeConfiguration<IdentityUserLogin<long>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserLogin<long>> builder)
        {
            builder.ToTable("user_logins");
            builder.HasKey(login => new { login.LoginProvider, login.ProviderKey });
        }
    }

    private sealed class UserTokenConfiguration : IEntityTypeConfiguration<IdentityUserToken<long>>
    {
        public void Configure(EntityTypeBuilder<IdentityUserToken<long>> builder)
        {
            builder.ToTable("user_tokens");
            builder.HasKey(token => new { token.UserId, token.LoginProvider, token.Name });
        }
    }

    private sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
    {
        public void Configure(EntityTypeBuilder<RefreshToken> builder)
        {
            builder.ToTable("refresh_tokens");
            builder.HasIndex(t => t.Hash).IsUnique();
            builder.HasIndex(t => t.Family);
            builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }

    private sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
    {
        public void Configure(EntityTypeBuilder<ApiKey> builder)
        {
            builder.ToTable("api_keys");
            builder.HasIndex(k => k.Hash).IsUnique();
            builder.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }

    private sealed class PasswordLinkConfiguration : IEntityTypeConfiguration<PasswordLink>
    {
        public void Configure(EntityTypeBuilder<PasswordLink> builder)
        {
            builder.ToTable("password_links");
            builder.HasIndex(l => l.Hash).IsUnique();
            builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
