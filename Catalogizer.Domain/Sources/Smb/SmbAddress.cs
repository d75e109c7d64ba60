using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>A location on a file server as written on the command line: smb://[DOMAIN;][USER@]HOST[:PORT]/SHARE[/FOLDER].</summary>
public sealed record SmbAddress(string Host, int Port, string Share, string Folder, string? Domain, string? User)
{
    public const string Scheme = "smb://";
    public const int DefaultPort = 445;

    /// <summary>URL schemes of share addresses.</summary>
    private static readonly string[] LinkSchemes = [Scheme, "cifs://"];

    /// <param name="problem">Why the address is invalid, as a sentence; null when it is valid.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmbAddress? address, [NotNullWhen(false)] out string? problem)
    {
        (address, problem) = (null, "Write the place as smb://host/share/folder.");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        (address, var error) = ParseParts(text[Scheme.Length..], Uri.UnescapeDataString);
        problem = error ?? (address is { Share.Length: > 0 } ? null : problem);
        address = problem is null ? address : null;
        return problem is null;
    }

    /// <summary>Parses an address as users paste it: <c>\\nas\media\films</c>, <c>smb://nas/media</c>, <c>nas:1445</c>. The share may be missing.</summary>
    /// <returns>Null for a host name alone, and for text that is not an address of a share.</returns>
    public static SmbAddress? ParsePasted(string pasted)
    {
        var text = pasted.Trim();
        if (LinkSchemes.FirstOrDefault(link => text.StartsWith(link, StringComparison.OrdinalIgnoreCase)) is { } link)
        {
            return ParseParts(text[link.Length..], Uri.UnescapeDataString).Address;
        }

        // Outside URLs, '%' and '@' are ordinary characters of names.
        text = text.Replace('\\', '/');
        var isWhole = text.StartsWith("//", StringComparison.Ordinal);
        text = isWhole ? text[2..] : text;
        return (isWhole || text.AsSpan().ContainsAny('/', ':')) && !text.Contains('@', StringComparison.Ordinal) ? ParseParts(text, name => name).Address : null;
    }

    private static (SmbAddress? Address, string? Problem) ParseParts(string text, Func<string, string> decode)
    {
        var parts = text.Split('/', 3);
        var at = parts[0].LastIndexOf('@');
        var (userPart, hostPart) = at < 0 ? ("", parts[0]) : (parts[0][..at], parts[0][(at + 1)..]);
        if (userPart.Contains(':', StringComparison.Ordinal))
        {
            return (null, "Leave the password out of the address, where others can see it: give it on standard input.");
        }

        var colon = hostPart.LastIndexOf(':');
        var port = DefaultPort;
        if (colon >= 0 && !int.TryParse(hostPart[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            return (null, $"“{hostPart[(colon + 1)..]}” is no port.");
        }

        var host = colon < 0 ? hostPart : hostPart[..colon];
        if (host.Length == 0 || host.Contains(':', StringComparison.Ordinal))
        {
            return (null, null);
        }

        var semicolon = userPart.IndexOf(';', StringComparison.Ordinal);
        return (new SmbAddress(
            host,
            port,
            parts.Length < 2 ? "" : decode(parts[1]),
            SmbProtocol.NormalizeFolder(parts.Length < 3 ? "" : decode(parts[2])),
            semicolon < 0 ? null : decode(userPart[..semicolon]),
            userPart.Length == 0 ? null : decode(userPart[(semicolon + 1)..])), null);
    }
}
