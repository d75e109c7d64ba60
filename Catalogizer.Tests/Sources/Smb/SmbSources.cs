using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>Helpers for the tests of shares.</summary>
internal static class SmbSources
{
    public static SourceDraft CreateDraft(SmbServer server, string share = "auth", string folder = "") => new()
    {
        Name = share,
        Protocol = "smb",
        Host = SmbServer.Host,
        Port = server.Port,
        Share = share,
        Folder = folder,
        Username = share == "guest" ? null : SmbServer.User,
        Password = share == "guest" ? null : SmbServer.Password,
    };

    public static ResilientSmbManager Smb(this TestCatalog catalog) => catalog.Services.GetRequiredService<ResilientSmbManager>();

    public static IEnumerable<ISourceProtocol> Protocols(this TestCatalog catalog) => catalog.Services.GetServices<ISourceProtocol>();

    public static Task<SourceTestResult> TestAsync(this TestCatalog catalog, SourceDraft draft) => catalog.Services.GetRequiredService<SourceProbe>().TestAsync(Actor.System, draft, null, default);

    /// <summary>Adds the source and connects to it as a scan does.</summary>
    public static async Task<ISourceConnector> ConnectAsync(this TestCatalog catalog, SourceDraft draft)
    {
        var source = (await catalog.Sources.FindAsync(Actor.System, draft, default)).Value;
        return catalog.Services.GetRequiredService<SourceConnectors>().Connect(source);
    }

    public static async Task<SourceView> AddAsync(this TestCatalog catalog, SourceDraft draft) => (await catalog.Sources.AddAsync(Actor.System, draft, default)).Value;
}
