using Catalogizer.Domain.Operations.Retention;
using global::Quartz;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Jobs.Quartz;

/// <summary>Quartz's tables in their own encrypted file, since SQLite allows one writer per file.</summary>
internal static class QuartzStore
{
    public const string Name = "catalogizer";
    private const int ThreadCount = 4;
    private const int MaxRuns = 20_000;

    public static void AddQuartzStore(this IServiceCollection services, DataDirectory data, string passphrase)
    {
        var file = SqliteFile.Open(data.JobsDatabase, passphrase);
        services.AddSingleton(new JobsFile(file));
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => options.InstanceName = Name);
            quartz.UseDefaultThreadPool(ThreadCount);
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(new KeyedSqliteFactory(file), file.ConnectionString);
                store.ProvisionSchema();
                store.UseExecutionHistory();
            });
        });
        services.AddSingleton<IConfigureOptions<ExecutionHistoryOptions>>(provider => new ConfigureNamedOptions<ExecutionHistoryOptions>(
            name: null,
            history => (history.Retention, history.MaxEntriesPerScheduler) = (provider.GetRequiredService<IOptions<RetentionOptions>>().Value.JobRuns, MaxRuns)));
        services.AddQuartzHostedService(options =>
        {
            options.WaitForJobsToComplete = false;
            options.AwaitApplicationStarted = true;
        });
    }
}

/// <summary>Closes the jobs database when the application stops.</summary>
internal sealed record JobsFile(SqliteFile File) : IDisposable
{
    public void Dispose() => File.Dispose();
}
