using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Api;

/// <summary>The accounts, for users who may manage them.</summary>
internal static class UsersEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/v1/users").RejectUnknownParameters().WithTags("users").RequirePermission(Permission.UsersManage);
        users.MapGet("", async (UserService service, HttpContext http, CancellationToken cancellation) => await service.ListAsync(http.ToActor(), cancellation));
        users.MapPost("", AddAsync);
        users.MapPut("/{id:long}", ChangeAsync);
        users.MapDelete("/{id:long}", async (long id, UserService service, HttpContext http, CancellationToken cancellation) =>
            await service.RemoveAsync(http.ToActor(), id, cancellation) is { } error ? ApiProblems.From(error) : Results.NoContent());
        users.MapPost("/{id:long}/unlock", async (long id, UserService service, HttpContext http, CancellationToken cancellation) =>
            (await service.UnlockAsync(http.ToActor(), id, cancellation)).ToHttpResult());
        users.MapPost("/{id:long}/clear-second-factor", async (long id, UserService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ClearTwoFactorAsync(http.ToActor(), id, cancellation)).ToHttpResult());
        users.MapPost("/{id:long}/password", async (long id, PasswordRequest request, UserService service, HttpContext http, CancellationToken cancellation) =>
            (await service.SetPasswordAsync(http.ToActor(), id, request.Password, cancellation)).ToHttpResult());
        users.MapPost("/{id:long}/link", CreateLinkAsync);
        users.MapGet("/{id:long}/keys", ListKeysAsync).Produces<IReadOnlyList<ApiKeyView>>();
        users.MapDelete("/{id:long}/keys", async (long id, UserService service, HttpContext http, CancellationToken cancellation) =>
            (await service.RemoveKeysAsync(http.ToActor(), id, cancellation)).ToHttpResult());
    }

    /// <summary>The address of the page on which the owner of an account chooses a password.</summary>
    public static string BuildPasswordLink(string root, string token) => $"{root.TrimEnd('/')}{AccountPaths.ChoosePassword}?token={token}";

    /// <summary>With invite and without a password, the owner of the account chooses one with a link.</summary>
    private static async Task<IResult> AddAsync(AddRequest request, UserService users, HttpContext http, CancellationToken cancellation)
    {
        if (request.Role is not { } role)
        {
            return ApiProblems.From(new InvalidError("role", "Give a role: admin, editor or viewer."));
        }

        var added = request.Password is null && request.Invite == true
            ? await users.InviteAsync(http.ToActor(), request.Username, role, cancellation)
            : await users.AddAsync(http.ToActor(), request.Username, request.Password, role, cancellation);
        return added.IsOk ? Results.Created((string?)null, added.Value) : ApiProblems.From(added.Error!);
    }

    /// <summary>Omitted fields stay unchanged.</summary>
    private static async Task<IResult> ChangeAsync(long id, ChangeRequest request, UserService users, HttpContext http, CancellationToken cancellation)
    {
        var actor = http.ToActor();
        var changed = request is { Role: null, Disabled: null, Permissions: null }
            ? new InvalidError("role", "Give what is to change: role, disabled or permissions.")
            : default(Result<UserSummary>);
        if (changed.IsOk && request.Role is { } role)
        {
            changed = await users.SetRoleAsync(actor, id, role, cancellation);
        }

        if (changed.IsOk && request.Permissions is { } permissions)
        {
            changed = await users.SetGrantsAsync(actor, id, permissions, cancellation);
        }

        if (changed.IsOk && request.Disabled is { } disabled)
        {
            changed = await users.SetDisabledAsync(actor, id, disabled, cancellation);
        }

        return changed.ToHttpResult();
    }

    private static async Task<IResult> ListKeysAsync(long id, ApiKeys keys, HttpContext http, CancellationToken cancellation) =>
        (await keys.ListForUserAsync(http.ToActor(), id, cancellation)).ToHttpResult();

    private static async Task<IResult> CreateLinkAsync(long id, PasswordLinks links, IOptions<PublicOptions> address, HttpContext http, CancellationToken cancellation)
    {
        var created = await links.CreateAsync(http.ToActor(), id, cancellation);
        return created.IsOk
            ? Results.Ok(new { link = BuildPasswordLink(address.Value.Root ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}", created.Value) })
            : ApiProblems.From(created.Error!);
    }

    private sealed record AddRequest(string? Username, string? Password, Role? Role, bool? Invite);

    private sealed record ChangeRequest(Role? Role, bool? Disabled, IReadOnlyList<string>? Permissions);

    private sealed record PasswordRequest(string? Password);
}
