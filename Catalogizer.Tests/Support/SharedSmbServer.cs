namespace Catalogizer.Tests.Support;

/// <summary>One file server for all tests of a class; each test calls <see cref="SmbServer.ResetAsync"/> first.</summary>
public sealed class SharedSmbServer : IAsyncLifetime
{
    public SmbServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await SmbServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
