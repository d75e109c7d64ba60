using System.Buffers;
using System.Text.RegularExpressions;

namespace Catalogizer.Domain.Common;

/// <summary>Masks secrets in text before it is logged or stored: the messages of other libraries cannot be controlled.</summary>
public static partial class Redaction
{
    private const string Mask = "***";

    private static readonly SearchValues<string> SecretMarkers = SearchValues.Create(
        ["token", "password", "passphrase", "passwd", "secret", "apikey", "api_key", "api-key", "authorization", "bearer", "basic ", "cookie", "session", "eyJ", "@"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Replaces everything that looks like a secret with asterisks.</summary>
    public static string Redact(string text) => !text.AsSpan().ContainsAny(SecretMarkers)
        ? text
        : NamedSecretPattern().Replace(UrlCredentialsPattern().Replace(JwtPattern().Replace(AuthorizationPattern().Replace(text, $"$1 {Mask}"), Mask), $"://{Mask}@"), $"$1$2{Mask}");

    /// <summary>Whether a field with this name is a secret, whatever its value.</summary>
    public static bool IsSecretName(string name) => SecretNamePattern().IsMatch(name);

    [GeneratedRegex(@"\b(Bearer|Basic)\s+[\w\-.~+/=]{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationPattern();

    [GeneratedRegex(@"\beyJ[\w-]{4,}\.[\w-]+(\.[\w-]*)?")]
    private static partial Regex JwtPattern();

    [GeneratedRegex(@"://[^/\s:@]{0,200}:[^/\s@]{0,200}@")]
    private static partial Regex UrlCredentialsPattern();

    [GeneratedRegex(@"\b([\w.-]{0,40}(?:token|password|passphrase|passwd|secret|api[_-]?key|authorization|catalogizer\.(?:session|antiforgery|device))[\w.-]{0,40})(\s*[""']?\s*(?:[=:]|%3[DdAa])\s*[""']?)(?:(?<=[""'])[^""']+|[^\s""'&;,<>)*]+)", RegexOptions.IgnoreCase)]
    private static partial Regex NamedSecretPattern();

    [GeneratedRegex("token|password|passphrase|passwd|secret|api[_-]?key|authorization|cookie", RegexOptions.IgnoreCase)]
    private static partial Regex SecretNamePattern();
}
