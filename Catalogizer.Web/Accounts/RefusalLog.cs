using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Catalogizer.Web.Accounts;

/// <summary>Logs who was refused what, as a refusal may be somebody trying doors.</summary>
internal sealed partial class RefusalLog(ILogger<RefusalLog> logger) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answers = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden)
        {
            var actor = context.ToActor();
            Refused(logger, actor.Name, actor.UserId, actor.Address, context.Request.Method, context.Request.Path);
        }

        return _answers.HandleAsync(next, context, policy, authorizeResult);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{User} (account {UserId}, from {Address}) lacks the permission for {Method} {Path}")]
    private static partial void Refused(ILogger logger, string user, long? userId, string? address, string method, string path);
}
