using System.Reflection;
using System.Text.Json;

namespace Catalogizer.Web.Api;

/// <summary>The names that an endpoint reads from its address by itself.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names);

/// <summary>Refuses what an endpoint does not know in its address: a name that is misspelt would otherwise be as if it were not there.</summary>
internal static class KnownQuery
{
    public static RouteGroupBuilder RefuseUnknownQuery(this RouteGroupBuilder group) => group.AddEndpointFilterFactory((context, next) =>
    {
        var bound = Bound(context.MethodInfo.GetParameters()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return async invocation =>
        {
            var http = invocation.HttpContext;
            var read = http.GetEndpoint()?.Metadata.GetMetadata<QueryNames>()?.Names ?? [];
            var unknown = http.Request.Query.Keys.Where(name => !bound.Contains(name) && !read.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
            return unknown.Count == 0 ? await next(invocation) : ApiProblems.Invalid(unknown.ToDictionary(name => name, _ => new[] { Sentence([.. bound, .. read], http) }));
        };
    });

    private static string Sentence(IReadOnlyList<string> known, HttpContext http)
    {
        var names = known.Where(name => !http.Request.RouteValues.ContainsKey(name)).ToList();
        return names.Count == 0 ? "This address takes no parameters." : $"There is no such parameter. There are: {string.Join(", ", names)}.";
    }

    /// <summary>The parameters whose values are read from text, those that stand together in one object included.</summary>
    private static IEnumerable<string> Bound(IEnumerable<ParameterInfo> parameters) => parameters.SelectMany(parameter =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null ? Bound(parameter.ParameterType.GetConstructors()[0].GetParameters())
        : IsText(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) ? [JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)]
        : Enumerable.Empty<string>());

    private static bool IsText(Type type) => type == typeof(string) || type.IsPrimitive || type.IsEnum || type == typeof(DateTimeOffset);
}
