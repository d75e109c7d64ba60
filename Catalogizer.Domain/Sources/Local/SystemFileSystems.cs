using System.Collections.Frozen;
using System.Globalization;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>File systems of the kernel, which hold no users' files: reading one may never end, or expose a secret.</summary>
internal static class SystemFileSystems
{
    private const uint Tmpfs = 0x0102_1994;
    private const uint Ramfs = 0x8584_58F6;

    /// <summary>Names by type number as statfs returns it (linux/magic.h).</summary>
    private static readonly FrozenDictionary<uint, string> Names = new Dictionary<uint, string>
    {
        [0x0000_9FA0] = "proc",
        [0x6265_6572] = "sysfs",
        [0x0027_E0EB] = "cgroup",
        [0x6367_7270] = "cgroup2",
        [0x7472_6163] = "tracefs",
        [0x6462_6720] = "debugfs",
        [0x7363_6673] = "securityfs",
        [0x0000_1CD1] = "devpts",
        [0x1980_0202] = "mqueue",
        [0xCAFE_4A11] = "bpf",
        [0x6265_6570] = "configfs",
        [0x6165_676C] = "pstore",
        [0xF97C_FF8C] = "selinuxfs",
        [0x4341_5D53] = "smackfs",
        [0xDE5E_81E4] = "efivarfs",
        [0x4249_4E4D] = "binfmt_misc",
        [0x6E73_6673] = "nsfs",
        [0x5049_4446] = "pidfs",
        [0x9584_58F6] = "hugetlbfs",
        [0x6759_6969] = "rpc_pipefs",
        [0x6E66_7364] = "nfsd",
        [0x6573_5543] = "fusectl",
        [0x0765_5821] = "resctrl",
        [0xABBA_1974] = "xenfs",
    }.ToFrozenDictionary();

    /// <summary>The name of the kernel's file system; null for one that may hold users' files.</summary>
    /// <param name="type">As returned by statfs.</param>
    /// <param name="device">As returned by statx: major number in the upper 32 bits, minor number in the lower.</param>
    public static string? FindName(uint type, ulong device) => Names.GetValueOrDefault(type) ?? (type is Tmpfs or Ramfs && IsDevTmpfs(device) ? "devtmpfs" : null);

    /// <summary>devtmpfs reports the type number of tmpfs; only the mount table tells the two apart.</summary>
    private static bool IsDevTmpfs(ulong device)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{device >> 32}:{(uint)device}");
        return File.Exists(Mounts.MountTablePath) && File.ReadLines(Mounts.MountTablePath).Any(line =>
            line.Split(' ') is var fields && fields.Length > 2 && fields[2] == number
            && Array.IndexOf(fields, "-") is var dash and > 0 && dash + 1 < fields.Length && fields[dash + 1] == "devtmpfs");
    }
}
