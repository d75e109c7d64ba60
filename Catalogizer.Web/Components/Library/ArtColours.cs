using System.Globalization;

namespace Catalogizer.Web.Components.Library;

/// <summary>Turns a title into the colours and the pose of its generated cover; the same title always gets the same cover.</summary>
internal static class ArtColours
{
    public static string Of(string title)
    {
        var seed = Hash(title);
        var hue = seed % 360;
        var second = (hue + 24 + (seed >> 9) % 60) % 360;
        var tilt = (int)((seed >> 16) % 15) - 7;
        var shift = (int)((seed >> 20) % 25) - 12;
        return string.Create(CultureInfo.InvariantCulture, $"--h:{hue};--h2:{second};--tilt:{tilt}deg;--shift:{shift}%");
    }

    /// <summary>FNV-1a: stable between runs, unlike the runtime's own.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619u;
        }

        // A last stir, since neighbouring titles would otherwise get neighbouring colours.
        hash ^= hash >> 15;
        return hash * 2246822519u;
    }
}
