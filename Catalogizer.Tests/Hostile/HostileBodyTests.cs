using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Catalogizer.Tests.Hostile;

/// <summary>Random bodies and searches, built from input that breaks parsers, for every route that takes one.</summary>
[Trait("Category", "Server")]
public sealed class HostileBodyTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly int BodiesPerRoute = TestRun.Repetitions(20, 200);
    private static readonly int SearchCount = TestRun.Repetitions(300, 3000);

    private static readonly string[] Texts =
    [
        "", " ", "bogus", "\0", "a\0b", "\r\nSet-Cookie: a=b", "../../etc/passwd", "' OR 1=1 --", "\"; DROP TABLE files; --", "<script>alert(1)</script>", "{{7*7}}", "%00", "%2e%2e%2f", "\u202e\u2066",
        "👨‍👩‍👧‍👦", "İıßﬀ", "１９９９", "-1", "1e309", "9223372036854775808", "2026-13-45T25:61:61Z", "0001-01-01T00:00:00Z", "NEAR(", "\"", "*", "a:b:c", "^a", "title:", "AND OR NOT", new string('a', 100_000), new string('(', 5000),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "-0.0", "1.5", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400", "1e-400", "NaN", "[]", "{}", "[null]", "[[]]", "\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "'a'", "undefined",
        new string('[', 200) + new string(']', 200), "[" + string.Join(',', Enumerable.Repeat("1", 10_000)) + "]", string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
    ];

    [Fact]
    public async Task Body_OfAnyKind_IsAnsweredWithoutAFault()
    {
        var random = new Random(TestRun.Seed);
        var (sent, refused, errors) = (0, 0, new List<string>());
        foreach (var route in Routes.All(api.Server).Where(e => e.Metadata.GetMetadata<IAcceptsMetadata>() is not null))
        {
            var address = CreateAddress(route);
            var method = new HttpMethod(route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            string[] fields = [.. route.Metadata.GetMetadata<IAcceptsMetadata>()!.RequestType?.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)) ?? [], "bogus"];
            for (var i = 0; i < BodiesPerRoute; i++)
            {
                using var request = new HttpRequestMessage(method, address) { Content = CreateBody(random, fields) };
                using var response = await api.Admin.SendAsync(request);
                sent++;
                refused += response.StatusCode == HttpStatusCode.BadRequest ? 1 : 0;
                if ((int)response.StatusCode >= 500)
                {
                    errors.Add($"{method} {address} body {i}: {(int)response.StatusCode}");
                }
            }
        }

        Assert.Empty(errors);
        Assert.True(refused > sent / 2, $"{refused} of {sent} were refused as bad: the others were not looked at.");
    }

    [Fact]
    public async Task Search_OfAnyWords_IsAnsweredWithoutAFault()
    {
        await api.ScanAsync(await api.AddSourceAsync("words", "Metropolis (1927).mkv"));
        var random = new Random(TestRun.Seed);
        var errors = new List<string>();
        for (var i = 0; i < SearchCount; i++)
        {
            var words = Truncate(string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => PickText(random) + (random.Next(2) == 0 ? " " : ""))), 2000);
            using var response = await api.Admin.GetAsync("/api/v1/media?query=" + Uri.EscapeDataString(words));
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"search {i}: {(int)response.StatusCode}"));
            }
        }

        Assert.Empty(errors);
        Assert.NotEmpty(await api.ListItemsAsync("query=metropolis"));
    }

    /// <summary>Uses ids that do not exist, so that an accidentally valid request changes nothing.</summary>
    private static string CreateAddress(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.RawText!.Trim('/').Split('/')
        .Select(part => !part.StartsWith('{') ? part : part.Contains(":long", StringComparison.Ordinal) ? "999999" : "nothing"));

    private static ByteArrayContent CreateBody(Random random, IReadOnlyList<string> fields)
    {
        var body = random.Next(10) switch
        {
            0 => PickValue(random),
            1 => PickText(random),
            2 => CreateObject(random, fields) + PickValue(random),
            _ => CreateObject(random, fields),
        };
        var bytes = Encoding.UTF8.GetBytes(body);
        switch (random.Next(8))
        {
            case 0:
                bytes = bytes[..random.Next(bytes.Length + 1)];
                break;
            case 1 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                break;
            case 2:
                bytes = [0xef, 0xbb, 0xbf, .. bytes];
                break;
        }

        return new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private static string CreateObject(Random random, IReadOnlyList<string> fields) =>
        "{" + string.Join(',', Enumerable.Range(0, random.Next(fields.Count + 2)).Select(_ => $"\"{fields[random.Next(fields.Count)]}\":{PickValue(random)}")) + "}";

    private static string PickValue(Random random) => random.Next(2) == 0 ? Values[random.Next(Values.Length)] : JsonSerializer.Serialize(PickText(random));

    private static string PickText(Random random) => random.Next(4) > 0
        ? Texts[random.Next(Texts.Length)]
        : new string([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xd800))]);

    private static string Truncate(string text, int maxLength) => text.Length <= maxLength ? text : text[..maxLength].TrimEnd('\ud83d');
}
