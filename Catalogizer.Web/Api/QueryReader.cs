using System.Globalization;
using System.Text.Json;
using Catalogizer.Web.Components;
using Microsoft.OpenApi;

namespace Catalogizer.Web.Api;

/// <summary>A parameter of an address, as it is described to scripts.</summary>
internal sealed record QueryParameter(string Name, string Description, JsonSchemaType Type)
{
    /// <summary>What OpenAPI calls a text of this kind: "date", "date-time".</summary>
    public string? Format { get; init; }

    /// <summary>All values that are read; null where any of the type is.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    public double? Least { get; init; }

    public double? Most { get; init; }

    public int? Longest { get; init; }
}

/// <summary>Reads the parameters of an address, telling every one that cannot be read.</summary>
/// <param name="query">What was given.</param>
/// <param name="described">Takes the description of each parameter that is asked for; null where only values are wanted.</param>
internal sealed class QueryReader(IQueryCollection query, ICollection<QueryParameter>? described = null)
{
    public delegate bool Parse<T>(string text, out T value);

    /// <summary>A sentence for each parameter that cannot be read.</summary>
    public Dictionary<string, string[]> Wrong { get; } = [];

    public string? Text(string name, string description, int? longest = null)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Longest = longest });
        if (Given(name) is not { } text)
        {
            return null;
        }

        if (text.Length <= (longest ?? int.MaxValue))
        {
            return text;
        }

        Wrong[name] = [FormattableString.Invariant($"The {name} may have {longest} characters at most; this one has {text.Length}. Shorten it.")];
        return null;
    }

    public int? Whole(string name, string description, int? least = null, int? most = null)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.Integer) { Format = "int32", Least = least, Most = most });
        return Within(name, Read<int>(name, (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), "a whole number"), least, most);
    }

    /// <summary>The id of something, or where a page begins.</summary>
    public long? Id(string name, string description)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.Integer) { Format = "int64" });
        return Read<long>(name, (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), "a whole number");
    }

    public double? Number(string name, string description, double least, double most)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.Number) { Least = least, Most = most });
        return Within(name, Read<double>(name, (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value), "a number"), least, most);
    }

    public DateOnly? Day(string name, string description)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Format = "date" });
        return Read<DateOnly>(name, (string text, out DateOnly value) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value), "a day as YYYY-MM-DD");
    }

    public DateTimeOffset? Time(string name, string description)
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Format = "date-time" });
        return Read<DateTimeOffset>(
            name, (string text, out DateTimeOffset value) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value), "a time as YYYY-MM-DDTHH:MM:SSZ");
    }

    public T? Word<T>(string name, string description, IReadOnlyList<string> words, Parse<T> parse)
        where T : struct
    {
        described?.Add(new QueryParameter(name, description, JsonSchemaType.String) { Words = words });
        return Read(name, parse, "one of: ", words);
    }

    /// <summary>One of an enum's values by its name.</summary>
    /// <param name="of">The values that may be asked for; null for all.</param>
    public T? Word<T>(string name, string description, IReadOnlyList<T>? of = null)
        where T : struct, Enum
    {
        of ??= Enum.GetValues<T>();
        return Word(name, description, [.. of.Select(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))], (string text, out T value) =>
        {
            value = AddressParts.Word<T>(text) ?? default;
            return AddressParts.Word<T>(text) is { } known && of.Contains(known);
        });
    }

    private string? Given(string name) => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    private T? Read<T>(string name, Parse<T> parse, string kind, IReadOnlyList<string>? words = null)
        where T : struct
    {
        if (Given(name) is not { } text)
        {
            return null;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Wrong[name] = [$"“{text}” is not {kind}{string.Join(", ", words ?? [])}."];
        return null;
    }

    private T? Within<T>(string name, T? value, T? least, T? most)
        where T : struct, IComparable<T>
    {
        // Whatever is not a number compares as less than all.
        if (value is not { } number || ((least is not { } from || number.CompareTo(from) >= 0) && (most is not { } to || number.CompareTo(to) <= 0)))
        {
            return value;
        }

        var limits = most is null ? FormattableString.Invariant($"{least} up") : FormattableString.Invariant($"{least} to {most}");
        Wrong[name] = [$"The {name} must be a number from {limits}."];
        return null;
    }
}

/// <summary>What an endpoint reads from its address. Its description is what its reader asks for, so that neither can go without the other.</summary>
internal abstract class QueryForm(IReadOnlyList<QueryParameter> parameters)
{
    public IReadOnlyList<QueryParameter> Parameters => parameters;
}

/// <inheritdoc />
/// <param name="read">Asks for every parameter each time, whatever the others are.</param>
internal sealed class QueryForm<T>(Func<QueryReader, T> read) : QueryForm(Describe(read))
{
    public T Read(HttpContext http, out Dictionary<string, string[]> wrong)
    {
        var reader = new QueryReader(http.Request.Query);
        var value = read(reader);
        wrong = reader.Wrong;
        return value;
    }

    /// <summary>Answers with what was read, or with what could not be.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, Func<T, Task<IResult>> answer)
    {
        var value = Read(http, out var wrong);
        return wrong.Count > 0 ? ApiProblems.Invalid(wrong) : await answer(value);
    }

    private static List<QueryParameter> Describe(Func<QueryReader, T> read)
    {
        var parameters = new List<QueryParameter>();
        read(new QueryReader(QueryCollection.Empty, parameters));
        return parameters;
    }
}
