using Catalogizer.Domain.Storage;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// The mounts above, at and below a folder. A disk mounted over a watched folder hides it without an event, and a network file system
/// does not report what other computers change.
/// </summary>
/// <param name="Fingerprint">Changes when a file system is mounted or unmounted.</param>
/// <param name="UnwatchableType">The first file system type that does not report all changes; null when all do.</param>
internal sealed record Mounts(string Fingerprint, string? UnwatchableType)
{
    public const string MountTablePath = "/proc/self/mountinfo";

    public static Mounts ReadAround(string root, string table = MountTablePath) => File.Exists(table) ? ReadAround(root, File.ReadLines(table)) : new Mounts("", null);

    /// <param name="lines">"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": id, parent, device, folder of it, mount point, …, type.</param>
    internal static Mounts ReadAround(string root, IEnumerable<string> lines)
    {
        var escaped = root.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
            .Replace("\t", "\\011", StringComparison.Ordinal).Replace("\n", "\\012", StringComparison.Ordinal);
        var stamp = new List<string>();
        var (above, types) = ("", new List<string>());
        var type = "";
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (fields.Length < 5 || dash < 0 || dash + 1 >= fields.Length)
            {
                continue;
            }

            var point = fields[4];
            if (IsAtOrBelow(escaped, point))
            {
                stamp.Add($"{fields[0]} {fields[2]} {fields[3]} {point}");
                (above, type) = point.Length >= above.Length ? (point, fields[dash + 1]) : (above, type);
            }
            else if (IsAtOrBelow(point, escaped))
            {
                stamp.Add($"{fields[0]} {fields[2]} {fields[3]} {point}");
                types.Add(fields[dash + 1]);
            }
        }

        types.Add(type);
        return new Mounts(string.Join('\n', stamp), types.FirstOrDefault(IsUnwatchable));
    }

    /// <summary>Includes FUSE: the files behind it, for example of several disks pooled into one, can be changed without passing through it.</summary>
    private static bool IsUnwatchable(string type) => DataDirectory.IsNetworkFileSystem(type) || type.StartsWith("fuse.", StringComparison.Ordinal);

    private static bool IsAtOrBelow(string path, string folder) =>
        folder == "/" || path == folder || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));
}
