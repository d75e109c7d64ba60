using System.Globalization;

namespace Catalogizer.Tests.Support;

/// <summary>How thorough this test run is, and the seed of its random choices. <c>./test</c> sets both and prints the seed.</summary>
internal static class TestRun
{
    /// <summary>Whether long tests run at full length: <c>./test --all</c>.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("CATALOGIZER_TEST_ALL") == "1";

    /// <summary>Repeats the random choices of an earlier run: <c>./test --seed N</c>.</summary>
    public static int Seed { get; } = int.Parse(Environment.GetEnvironmentVariable("CATALOGIZER_TEST_SEED") ?? "1", CultureInfo.InvariantCulture);

    public static int Repetitions(int usual, int full) => IsFull ? full : usual;

    public static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(Seed).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>A test that takes too long for every run.</summary>
internal sealed class FullRunFactAttribute : FactAttribute
{
    public FullRunFactAttribute() => Skip = TestRun.IsFull ? null : "Runs with ./test --all.";
}
