using System.Globalization;
using System.Text.Json;
using Catalogizer.Web.Components;
using Microsoft.OpenApi;

namespace Catalogizer.Web.Api;

/// <summary>A query parameter, as described in the OpenAPI document.</summary>
internal sealed record QueryParameter(string Name, string Description, JsonSchemaType Type)
{
    /// <summary>The OpenAPI format of the value, such as "date" or "date-time".</summary>
    public string? Format { get; init; }

    /// <summary>All accepted values; null if every value of the type is accepted.</summary>
    public IReadOnlyList<string>? AllowedValues { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public int? MaxLength { get; init; }
}

/// <summary>Reads query parameters, and collects an error for each one that cannot be read.</summary>
/// <param name="query">The query of the request.</param>
/// <param name="descriptions">Receives the description of each parameter that is read; null if only the values are needed.</param>
internal sealed class QueryReader(IQueryCollection query, ICollection<QueryParameter>? descriptions = null)
{
    public delegate bool TryParser<T>(string text, out T value);

    /// <summary>The error messages of each parameter that cannot be read, by its name.</summary>
    public Dictionary<string, string[]> Errors { get; } = [];

    public string? ReadText(string name, string description, int? maxLength = null)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.String) { MaxLength = maxLength });
        if (FindValue(name) is not { } text)
        {
            return null;
        }

        if (text.Length <= (maxLength ?? int.MaxValue))
        {
            return text;
        }

        Errors[name] = [FormattableString.Invariant($"The {name} may have {maxLength} characters at most; this one has {text.Length}. Shorten it.")];
        return null;
    }

    public int? ReadInteger(string name, string description, int? min = null, int? max = null)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.Integer) { Format = "int32", Min = min, Max = max });
        return CheckRange(name, ReadValue<int>(name, (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), "a whole number"), min, max);
    }

    /// <summary>Reads an id or the cursor of a page.</summary>
    public long? ReadId(string name, string description)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.Integer) { Format = "int64" });
        return ReadValue<long>(name, (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), "a whole number");
    }

    public double? ReadNumber(string name, string description, double min, double max)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.Number) { Min = min, Max = max });
        return CheckRange(name, ReadValue<double>(name, (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value), "a number"), min, max);
    }

    public DateOnly? ReadDate(string name, string description)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Format = "date" });
        return ReadValue<DateOnly>(name, (string text, out DateOnly value) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value), "a day as YYYY-MM-DD");
    }

    public DateTimeOffset? ReadTime(string name, string description)
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Format = "date-time" });
        return ReadValue<DateTimeOffset>(
            name, (string text, out DateTimeOffset value) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value), "a time as YYYY-MM-DDTHH:MM:SSZ");
    }

    public T? ReadChoice<T>(string name, string description, IReadOnlyList<string> allowedValues, TryParser<T> parse)
        where T : struct
    {
        descriptions?.Add(new QueryParameter(name, description, JsonSchemaType.String) { AllowedValues = allowedValues });
        return ReadValue(name, parse, "one of: ", allowedValues);
    }

    /// <summary>Reads an enum value by its name.</summary>
    /// <param name="allowed">The accepted values; null for all.</param>
    public T? ReadChoice<T>(string name, string description, IReadOnlyList<T>? allowed = null)
        where T : struct, Enum
    {
        allowed ??= Enum.GetValues<T>();
        return ReadChoice(name, description, [.. allowed.Select(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))], (string text, out T value) =>
        {
            value = PageParameters.ParseEnum<T>(text) ?? default;
            return PageParameters.ParseEnum<T>(text) is { } known && allowed.Contains(known);
        });
    }

    private string? FindValue(string name) => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    private T? ReadValue<T>(string name, TryParser<T> parse, string kind, IReadOnlyList<string>? allowedValues = null)
        where T : struct
    {
        if (FindValue(name) is not { } text)
        {
            return null;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Errors[name] = [$"“{text}” is not {kind}{string.Join(", ", allowedValues ?? [])}."];
        return null;
    }

    private T? CheckRange<T>(string name, T? value, T? min, T? max)
        where T : struct, IComparable<T>
    {
        // NaN compares as less than every number, so the lower limit rejects it.
        if (value is not { } number || ((min is not { } from || number.CompareTo(from) >= 0) && (max is not { } to || number.CompareTo(to) <= 0)))
        {
            return value;
        }

        var limits = max is null ? FormattableString.Invariant($"{min} up") : FormattableString.Invariant($"{min} to {max}");
        Errors[name] = [$"The {name} must be a number from {limits}."];
        return null;
    }
}

/// <summary>The query parameters of an endpoint. Their description comes from the calls that read them, so that the two cannot differ.</summary>
internal abstract class QueryBinder(IReadOnlyList<QueryParameter> parameters)
{
    public IReadOnlyList<QueryParameter> Parameters => parameters;
}

/// <inheritdoc />
/// <param name="read">Must read every parameter on each call, whatever the values of the others are.</param>
internal sealed class QueryBinder<T>(Func<QueryReader, T> read) : QueryBinder(Describe(read))
{
    public T Read(HttpContext http, out Dictionary<string, string[]> errors)
    {
        var reader = new QueryReader(http.Request.Query);
        var value = read(reader);
        errors = reader.Errors;
        return value;
    }

    /// <summary>Calls <paramref name="handle"/> with the value that was read, or returns the errors.</summary>
    public async Task<IResult> HandleAsync(HttpContext http, Func<T, Task<IResult>> handle)
    {
        var value = Read(http, out var errors);
        return errors.Count > 0 ? ApiProblems.Invalid(errors) : await handle(value);
    }

    private static List<QueryParameter> Describe(Func<QueryReader, T> read)
    {
        var parameters = new List<QueryParameter>();
        read(new QueryReader(QueryCollection.Empty, parameters));
        return parameters;
    }
}
