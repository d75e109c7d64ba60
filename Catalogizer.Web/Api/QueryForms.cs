using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Catalogizer.Web.Api;

/// <summary>What endpoints know of their addresses: they refuse what they do not know, and describe what they do.</summary>
internal static class QueryForms
{
    /// <summary>Says what an endpoint reads from its address.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder endpoint, QueryForm form) => endpoint.WithMetadata(form).ProducesValidationProblem();

    /// <summary>Refuses parameters that an endpoint does not read: one that is misspelt would otherwise be as if it were not there.</summary>
    public static RouteGroupBuilder RefuseUnknownQuery(this RouteGroupBuilder group) => group.AddEndpointFilter(async (invocation, next) =>
    {
        var http = invocation.HttpContext;
        List<string> known = [.. (http.GetEndpoint()?.Metadata.GetMetadata<QueryForm>()?.Parameters ?? []).Select(p => p.Name)];
        var unknown = http.Request.Query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count == 0)
        {
            return await next(invocation);
        }

        var sentence = known.Count == 0 ? "This address takes no parameters." : $"There is no such parameter. There are: {string.Join(", ", known)}.";
        return ApiProblems.Invalid(unknown.ToDictionary(name => name, _ => new[] { sentence }));
    });

    public static void DescribeQuery(this OpenApiOptions options) => options.AddOperationTransformer((operation, context, _) =>
    {
        foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryForm>().SelectMany(form => form.Parameters))
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Schema = SchemaOf(parameter) });
        }

        return Task.CompletedTask;
    });

    private static OpenApiSchema SchemaOf(QueryParameter parameter) => new()
    {
        Type = parameter.Type,
        Format = parameter.Format,
        Enum = parameter.Words is null ? null : [.. parameter.Words.Select(word => (JsonNode)word)],
        Minimum = Number(parameter.Least),
        Maximum = Number(parameter.Most),
        MaxLength = parameter.Longest,
    };

    private static string? Number(double? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
