using Catalogizer.Domain.Accounts;

namespace Catalogizer.Web.Accounts;

/// <summary>What must be so before the first request: the admin of the settings exists, and set-up knows whether it is open.</summary>
internal sealed class AccountsStartup(AdminBootstrap admin, FirstRun firstRun) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await admin.EnsureCreatedAsync(cancellationToken);
        await firstRun.IsOpenAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
