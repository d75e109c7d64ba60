using Catalogizer.Domain.Accounts;

namespace Catalogizer.Web.Accounts;

/// <summary>Before the first request, creates the admin from the settings and checks whether setup is open.</summary>
internal sealed class AccountsStartup(AdminBootstrap admin, FirstRun firstRun) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await admin.EnsureCreatedAsync(cancellationToken);
        await firstRun.IsOpenAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
