using System.Globalization;
using Catalogizer.Domain.Scanning;

namespace Catalogizer.Tests.Scanning;

public sealed class PatientThreadsTests
{
    private const int NicenessField = 16;   // of what follows the name, by proc(5)

    [Fact]
    public async Task Run_AfterAnAwait_IsStillOnAThreadThatGivesWay()
    {
        using var threads = new PatientThreads(2);
        var before = Niceness();
        var (first, second) = (0, 0);

        await threads.RunAsync(async () =>
        {
            first = Niceness();
            await Task.Yield();
            second = Niceness();
        });

        Assert.Equal((before + 5, before + 5), (first, second));
    }

    [Fact]
    public async Task Run_Throws_TheCallerHearsOfIt()
    {
        using var threads = new PatientThreads(1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(() => throw new InvalidOperationException()));
    }

    private static int Niceness() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[NicenessField], CultureInfo.InvariantCulture);
}
