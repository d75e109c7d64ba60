using Microsoft.AspNetCore.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>Lets in only those who have the permission.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(string permission) : AuthorizeAttribute(permission);
