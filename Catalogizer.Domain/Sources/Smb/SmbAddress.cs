using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>A place on a file server as people write it on the command line: smb://[DOMAIN;][USER@]HOST[:PORT]/SHARE[/FOLDER].</summary>
public sealed record SmbAddress(string Host, int Port, string Share, string Folder, string? Domain, string? User)
{
    public const string Scheme = "smb://";
    public const int UsualPort = 445;

    /// <param name="problem">What is wrong, as a sentence; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmbAddress? address, [NotNullWhen(false)] out string? problem)
    {
        (address, problem) = (null, "Write the place as smb://host/share/folder.");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var parts = text[Scheme.Length..].Split('/', 3);
        var at = parts[0].LastIndexOf('@');
        var (who, where) = at < 0 ? ("", parts[0]) : (parts[0][..at], parts[0][(at + 1)..]);
        if (who.Contains(':', StringComparison.Ordinal))
        {
            problem = "Leave the password out of the address, where others can see it: give it on standard input.";
            return false;
        }

        var colon = where.LastIndexOf(':');
        var port = UsualPort;
        if (colon >= 0 && !int.TryParse(where[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            problem = $"“{where[(colon + 1)..]}” is no port.";
            return false;
        }

        if (where.Length == 0 || parts.Length < 2 || parts[1].Length == 0)
        {
            return false;
        }

        var semicolon = who.IndexOf(';', StringComparison.Ordinal);
        address = new SmbAddress(
            colon < 0 ? where : where[..colon],
            port,
            Uri.UnescapeDataString(parts[1]),
            SmbProtocol.Normal(parts.Length < 3 ? "" : Uri.UnescapeDataString(parts[2])),
            semicolon < 0 ? null : Uri.UnescapeDataString(who[..semicolon]),
            who.Length == 0 ? null : Uri.UnescapeDataString(who[(semicolon + 1)..]));
        problem = null;
        return true;
    }
}
