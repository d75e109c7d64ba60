using System.Globalization;
using Catalogizer.Domain.Library;

namespace Catalogizer.Web.Components.Library;

/// <summary>Formats the bit rate of a version, with "about" when it is an estimate.</summary>
public static class Bitrate
{
    /// <summary>Null when the bit rate is unknown.</summary>
    public static string? Format(MediaVersion version) => version.Bitrate is { } bits
        ? string.Create(CultureInfo.InvariantCulture, $"{(version.BitrateIsEstimate ? "about " : "")}{bits / 1_000_000d:0.#} Mbit/s")
        : null;
}
