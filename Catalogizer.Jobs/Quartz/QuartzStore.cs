using global::Quartz;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Jobs.Quartz;

/// <summary>Quartz's tables in an encrypted file of their own, since SQLite has one writer a file.</summary>
internal static class QuartzStore
{
    private const int Threads = 4;

    public static void AddQuartzStore(this IServiceCollection services, DataDirectory data, string passphrase)
    {
        var file = SqliteFile.Open(data.JobsDatabase, passphrase);
        services.AddSingleton(new JobsFile(file));
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => options.InstanceName = "catalogizer");
            quartz.UseDefaultThreadPool(Threads);
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(new KeyedSqliteFactory(file), file.ConnectionString);
                store.ProvisionSchema();
                store.UseExecutionHistory();
            });
        });
        services.AddQuartzHostedService(options =>
        {
            options.WaitForJobsToComplete = false;
            options.AwaitApplicationStarted = true;
        });
    }
}

/// <summary>Closes the jobs' file with the program.</summary>
internal sealed record JobsFile(SqliteFile File) : IDisposable
{
    public void Dispose() => File.Dispose();
}
