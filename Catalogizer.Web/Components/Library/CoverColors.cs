using System.Globalization;

namespace Catalogizer.Web.Components.Library;

/// <summary>Derives the colours and the arrangement of a generated cover from its title. The same title always gets the same cover.</summary>
internal static class CoverColors
{
    /// <summary>Hue pairs that go well together in a grid; the muddy hues between yellow and green are left out.</summary>
    private static readonly (int Ground, int Glow)[] HuePairs =
    [
        (222, 190), (236, 282), (252, 318), (266, 222), (284, 336), (304, 262), (328, 14), (344, 28), (356, 318), (8, 38),
        (18, 350), (28, 48), (158, 188), (170, 140), (184, 222), (196, 168), (206, 258), (214, 330),
    ];

    public static string CreateStyle(string title)
    {
        var seed = Hash(title);
        var (hue, second) = HuePairs[seed % (uint)HuePairs.Length];
        var pose = seed * 2654435761u;
        var (tilt, x, y) = ((int)((pose >> 20) % 29) - 14, (int)((pose >> 14) % 41) - 20, (int)((pose >> 9) % 27) - 16);
        var (zoom, mirror, glow) = (100 + ((pose >> 3) % 75), pose >> 31 == 0 ? 1 : -1, (pose >> 30 & 1) == 0 ? 85 : 12);
        return string.Create(CultureInfo.InvariantCulture, $"--h:{hue};--h2:{second};--tilt:{tilt}deg;--x:{x}%;--y:{y}%;--zoom:{zoom / 100.0:0.00};--mirror:{mirror};--glow:{glow}%");
    }

    /// <summary>FNV-1a: stable between runs, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        // Final mixing step: similar titles would otherwise get similar colours.
        hash ^= hash >> 15;
        return hash * 2246822519u;
    }
}
