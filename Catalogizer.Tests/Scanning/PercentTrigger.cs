using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Scanning;

/// <summary>Runs an action at each progress report from a percentage on.</summary>
internal sealed class PercentTrigger(int percent, Action then) : IProgress<ProgressUpdate>
{
    public void Report(ProgressUpdate value)
    {
        if (value.Percent >= percent)
        {
            then();
        }
    }
}
