using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

internal static class FastPasswordHashing
{
    /// <summary>Hashes passwords in a thousandth of a second; the program's own rounds take fifty times as long.</summary>
    public static IServiceCollection AddFastPasswordHashing(this IServiceCollection services) =>
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 2_000);
}
