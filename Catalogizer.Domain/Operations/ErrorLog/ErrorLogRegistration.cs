using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Operations.ErrorLog;

public static class ErrorLogRegistration
{
    public static IServiceCollection AddErrorLog(this IServiceCollection services) => services
        .AddSingleton<ErrorLogStore>()
        .AddSingleton<IErrorLogStore>(provider => provider.GetRequiredService<ErrorLogStore>())
        .AddSingleton<IMetricStore>(provider => provider.GetRequiredService<ErrorLogStore>())
        .AddSingleton<ErrorQueue>()
        .AddSingleton<ILoggerProvider, ErrorLogProvider>()
        .AddHostedService<ErrorWriter>()
        .AddSingleton(provider => new ErrorService(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(), provider.GetRequiredService<ErrorQueue>(), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<EventStreamer>()));
}
