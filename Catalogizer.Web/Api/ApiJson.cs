using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Web.Api;

/// <summary>How the API writes and reads JSON: camelCase, enums by name, nulls included, times in UTC with milliseconds.</summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions))
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Converters.Add(new MediaTypeConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcMillisecondsConverter());
        options.Converters.Add(new ValidTextConverter());
    }

    /// <summary>
    /// Reads a body that its endpoint parses field by field, and checks every string first: half a surrogate pair is valid JSON but not
    /// valid text, and would fail only when it is used.
    /// </summary>
    private sealed class ValidTextConverter : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            try
            {
                Validate(element);
                return element;
            }
            catch (InvalidOperationException exception)
            {
                throw new JsonException("A text is no text: it holds half a surrogate pair.", exception);
            }
        }

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

        private static void Validate(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    _ = element.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                    {
                        Validate(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                    {
                        _ = property.Name;
                        Validate(property.Value);
                    }

                    break;
            }
        }
    }

    private sealed class MediaTypeConverter : JsonConverter<MediaType>
    {
        public override MediaType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            MediaTypes.TryParse(reader.GetString(), out var type) ? type : throw new JsonException($"The type must be one of: {string.Join(", ", MediaTypes.All)}.");

        public override void Write(Utf8JsonWriter writer, MediaType value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToApiName());
    }

    private sealed class UtcMillisecondsConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
