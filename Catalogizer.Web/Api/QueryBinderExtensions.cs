using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Catalogizer.Web.Api;

/// <summary>Rejects query parameters that an endpoint does not know, and describes those that it knows in the OpenAPI document.</summary>
internal static class QueryBinderExtensions
{
    /// <summary>Declares the query parameters that an endpoint reads.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, QueryBinder binder) => endpoint.WithMetadata(binder).ProducesValidationProblem();

    /// <summary>Rejects parameters that an endpoint does not read: a misspelt one would otherwise be ignored.</summary>
    public static RouteGroupBuilder RejectUnknownParameters(this RouteGroupBuilder group) => group.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        List<string> known = [.. (http.GetEndpoint()?.Metadata.GetMetadata<QueryBinder>()?.Parameters ?? []).Select(p => p.Name)];
        var unknown = http.Request.Query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count == 0)
        {
            return await next(invocation);
        }

        var sentence = known.Count == 0 ? "This address takes no parameters." : $"There is no such parameter. There are: {string.Join(", ", known)}.";
        return ApiProblems.Invalid(unknown.ToDictionary(name => name, _ => new[] { sentence }));
    });

    public static void DescribeQueryParameters(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryBinder>().SelectMany(binder => binder.Parameters))
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Schema = CreateSchema(parameter) });
        }

        return Task.CompletedTask;
    });

    private static OpenApiSchema CreateSchema(QueryParameter parameter) => new()
    {
        Type = parameter.Type,
        Format = parameter.Format,
        Enum = parameter.AllowedValues is null ? null : [.. parameter.AllowedValues.Select(word => (JsonNode)word)],
        Minimum = FormatNumber(parameter.Min),
        Maximum = FormatNumber(parameter.Max),
        MaxLength = parameter.MaxLength,
    };

    private static string? FormatNumber(double? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
