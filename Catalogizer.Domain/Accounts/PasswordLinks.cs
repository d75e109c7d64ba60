using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>A link with which a person chooses a password: the first of a new account, or another one. Only its hash is kept.</summary>
public sealed class PasswordLink
{
    public long Id { get; set; }

    public long UserId { get; set; }

    /// <summary>SHA-256 of the token, in lower-case hex.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>
/// Links with which people choose their password themselves, so that nobody else ever knows it. A link works once, for three
/// days, and a newer one ends it.
/// </summary>
public sealed class PasswordLinks
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly PasswordLane _lane;
    private readonly AccountGate _gate;
    private readonly AccountReader _accounts;
    private readonly SignInTickets _tickets;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal PasswordLinks(
        IDbContextFactory<CatalogDbContext> contexts, PasswordLane lane, AccountGate gate, AccountReader accounts, SignInTickets tickets, AuditLog audit, TimeProvider time) =>
        (_contexts, _lane, _gate, _accounts, _tickets, _audit, _time) = (contexts, lane, gate, accounts, tickets, audit, time);

    /// <summary>Makes a link for an account.</summary>
    /// <returns>Its token, to be shown once.</returns>
    public async Task<Result<string>> MakeAsync(Actor actor, long userId, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellation) is not { } user)
        {
            return UserService.NoSuchUser(userId);
        }

        if (actor.UserId == userId)
        {
            return new OwnAccount();
        }

        if (await UserService.RefusalAsync(db, actor, user, [], cancellation) is { } refused)
        {
            return refused;
        }

        var now = _time.GetUtcNow();
        db.PasswordLinks.RemoveRange(await db.PasswordLinks.Where(l => l.UserId == userId || l.ExpiresAt <= now).ToListAsync(cancellation));
        var token = Tokens.New();
        db.PasswordLinks.Add(new PasswordLink { UserId = userId, Hash = Tokens.HashOf(token), ExpiresAt = now + Lifetime });
        db.AuditLogs.Add(_audit.Entry(actor, "users.makeLink", UserService.Target(user)));
        await db.SaveChangesAsync(cancellation);
        return token;
    }

    /// <summary>The name of the account a link is for; null when it does not, or no longer, work.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return (await StandingAsync(db, token, cancellation))?.UserName;
    }

    /// <summary>Spends a link: the account has this password, and whatever was signed in is not any more.</summary>
    /// <returns>
    /// The account, to be signed in: who has the link may sign in with the password just chosen. <see cref="SecondFactorNeeded"/>, with
    /// the password set, when that takes a code too.
    /// </returns>
    public async Task<Result<Account>> UseAsync(string? token, string? password, string? address, CancellationToken cancellation)
    {
        if (await FindAsync(token, cancellation) is not { } name)
        {
            return new PasswordLinkOver();
        }

        if (AccountRules.CheckPassword(password, name) is { } wrong)
        {
            return wrong;
        }

        var hash = await _lane.HashAsync(new User(), password!, cancellation);
        if (!hash.IsOk)
        {
            return hash.Error!;
        }

        // Spent by somebody else meanwhile, perhaps.
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await StandingAsync(db, token, cancellation) is not { } user)
        {
            return new PasswordLinkOver();
        }

        user.PasswordHash = hash.Value;
        await Failures.ForgetAsync(db, user.Id, place: null, cancellation);
        db.PasswordLinks.RemoveRange(await db.PasswordLinks.Where(l => l.UserId == user.Id).ToListAsync(cancellation));
        await UserService.EndEverythingAsync(db, user, cancellation);
        var actor = new Actor(user.Id, user.UserName!, [], address);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.useLink", UserService.Target(user)));
        if (!user.TwoFactorEnabled)
        {
            db.AuditLogs.Add(_audit.Entry(actor, "accounts.signIn", UserService.Target(user)));
        }

        await db.SaveChangesAsync(cancellation);
        _accounts.ForgetWithSessions(user.Id);
        return user.TwoFactorEnabled ? new SecondFactorNeeded(_tickets.Make(user))
            : await _accounts.FindAsync(user.Id, cancellation) is { } account ? account
            : new SignInRefused();
    }

    private async Task<User?> StandingAsync(CatalogDbContext db, string? token, CancellationToken cancellation)
    {
        var hash = Tokens.HashOf(token ?? "");
        var link = await db.PasswordLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash, cancellation);
        return link is not null && link.ExpiresAt > _time.GetUtcNow()
            ? await db.Users.SingleOrDefaultAsync(u => u.Id == link.UserId && !u.Disabled, cancellation)
            : null;
    }
}
