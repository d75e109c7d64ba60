using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Hostile;

/// <summary>Ways to write a path that leads outside, and addresses that make a server call a host.</summary>
internal static class HostileInputs
{
    /// <summary>The file next to a source that must never be readable through it.</summary>
    public const string Secret = "secret.txt";

    private static readonly string[] ParentSegments = ["..", "%2e%2e", "%2E.", "%252e%252e", "%c0%ae%c0%ae", "%u002e%u002e", "．．", "..;", "..%00", "..\0", ".. ", "...", ". .", "..\u200b", "....//.."];
    private static readonly string[] Slashes = ["/", "\\", "%2f", "%5c", "%252f", "//", "/./", "%c0%af", "∕"];

    public static IReadOnlyList<string> Paths { get; } = [.. EnumeratePaths().Distinct()];

    /// <summary>Addresses with the port of a listener that counts calls.</summary>
    public static IReadOnlyList<string> CreateAddresses(int port) => [.. EnumerateAddresses(port).Distinct()];

    /// <summary>Random combinations of pieces of such paths.</summary>
    public static IEnumerable<string> CreateMixedPaths(int count)
    {
        var random = new Random(TestRun.Seed);
        string[] pieces = [.. ParentSegments, .. Slashes, Secret, "sub", "link", "filelink", "etc", "passwd", "proc", "self", "root", "\0", "~", "C:", "a film.mkv"];
        return Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => pieces[random.Next(pieces.Length)])));
    }

    private static IEnumerable<string> EnumeratePaths()
    {
        foreach (var up in ParentSegments)
        {
            foreach (var slash in Slashes)
            {
                foreach (var depth in (int[])[1, 2, 7])
                {
                    yield return string.Concat(Enumerable.Repeat(up + slash, depth)) + Secret;
                }
            }
        }

        foreach (var target in (string[])["etc/passwd", "proc/self/environ", "dev/null", "proc/self/root/etc/passwd"])
        {
            foreach (var start in (string[])["/", "//", "///", "\\", "\\\\", "file:///", "file://localhost/", "./../../../../../", "sub/../../../../../", "sub/./../../../", "~/", "C:\\", "C:/", "\\\\?\\", "\\\\.\\", "%2f", "..//..//..//"])
            {
                yield return start + target;
            }
        }

        foreach (var odd in (string[])[".", "..", "...", "", "/", "\\", "\0", "sub\0/../" + Secret, "../" + Secret + "\0.mkv", "sub/..", "sub/../", "sub/../../" + Secret, "link", "link/" + Secret, "filelink", "sub/link/" + Secret, "\r\n../" + Secret, "*", "?", "sub/*", new string('a', 5000), string.Concat(Enumerable.Repeat("../", 500)) + "etc/passwd", string.Concat(Enumerable.Repeat("a/", 3000))])
        {
            yield return odd;
        }
    }

    private static IEnumerable<string> EnumerateAddresses(int port)
    {
        string[] hosts =
        [
            "127.0.0.1", "localhost", "127.1", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
            "127.0.0.1.", "localhost.", "user@127.0.0.1", "good.example@127.0.0.1", "127.0.0.1%2f@good.example", "①②⑦.⓪.⓪.①",
        ];
        foreach (var host in hosts)
        {
            foreach (var scheme in (string[])["", "http://", "https://", "ftp://", "gopher://", "dict://", "//", "\\\\", "file://", "ldap://"])
            {
                yield return $"{scheme}{host}:{port}/x";
            }

            yield return $"{host}:{port}";
            yield return $"{host}:{port}#@good.example";
            yield return $"{host}@SSL@{port}";
        }
    }
}
