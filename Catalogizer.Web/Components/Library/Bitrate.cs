using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Library;

/// <summary>Writes the bit rate of a copy, with "about" where it is reckoned.</summary>
public static class Bitrate
{
    /// <summary>Null when it is not known.</summary>
    public static string? Format(MediaVersion version) => version.Bitrate is { } bits
        ? string.Create(CultureInfo.InvariantCulture, $"{(version.BitrateIsEstimate ? "about " : "")}{bits / 1_000_000d:0.#} Mbit/s")
        : null;
}
