using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

internal static class FastPasswordHashing
{
    /// <summary>Hashes passwords in a millisecond; the program's own number of iterations takes fifty times as long.</summary>
    public static IServiceCollection AddFastPasswordHashing(this IServiceCollection services) =>
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 2_000);
}
