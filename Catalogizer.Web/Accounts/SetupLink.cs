using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>The link to the setup page, printed on the console at each start while there is no admin.</summary>
internal static class SetupLink
{
    // On standard output and not in the log: logs are stored, forwarded and shown to others.
    public static void Print(TextWriter console, string link)
    {
        var line = new string('─', 72);
        console.WriteLine();
        console.WriteLine(line);
        console.WriteLine("  Catalogizer has no administrator yet. Make the first account here:");
        console.WriteLine();
        console.WriteLine($"  {link}");
        console.WriteLine();
        console.WriteLine("  The link works once, and only until the next start.");
        console.WriteLine(line);
        console.WriteLine();
        console.Flush();
    }

    /// <summary>The setup link for an address of the server; an address that means all interfaces is shown as localhost.</summary>
    public static string Create(string address, string token)
    {
        var shown = BindingAddress.Parse(address);
        var host = shown.Host is "0.0.0.0" or "[::]" or "+" or "*" ? "localhost" : shown.Host;
        return $"{shown.Scheme}://{host}:{shown.Port}{shown.PathBase}{AccountPaths.Setup}?token={token}";
    }

    /// <summary>Prints the link as soon as the server listens, if setup is open.</summary>
    public static void PrintWhenStarted(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var firstRun = app.Services.GetRequiredService<FirstRun>();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is not null && !firstRun.IsCompleted)
        {
            Print(Console.Out, Create(app.Services.GetRequiredService<IOptions<PublicOptions>>().Value.Root ?? address, firstRun.Token));
        }
    });
}
