using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Scanning;

/// <summary>Does something each time work has come as far as that.</summary>
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
