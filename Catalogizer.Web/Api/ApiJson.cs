using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Api;

/// <summary>How the API writes and reads JSON: camelCase, enums as words, nulls kept, instants in UTC with milliseconds.</summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions))
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Converters.Add(new MediaTypeWords());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcMilliseconds());
    }

    private sealed class MediaTypeWords : JsonConverter<MediaType>
    {
        public override MediaType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            MediaTypes.TryParse(reader.GetString(), out var type) ? type : throw new JsonException($"The type must be one of: {string.Join(", ", MediaTypes.All)}.");

        public override void Write(Utf8JsonWriter writer, MediaType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());
    }

    private sealed class UtcMilliseconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
