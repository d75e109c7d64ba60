using System.Globalization;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Formats sizes in decimal units, in which disks are sold.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB", "PB"];

    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(unit == 0 || value >= 99.95 ? "0" : "0.#", CultureInfo.InvariantCulture)} {Units[unit]}");
    }
}
