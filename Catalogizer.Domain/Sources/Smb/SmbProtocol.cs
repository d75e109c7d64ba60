using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Shares of file servers, over SMB.</summary>
internal sealed class SmbProtocol(ResilientSmbManager manager, SmbPasswords passwords, TimeProvider time) : ISourceProtocol
{
    /// <summary>Maximum number of bytes that Samba's library accepts for a user name, a password or a domain.</summary>
    private const int MaxTextBytes = 255;

    private const int MaxShareLength = 80;

    private static readonly TimeSpan ServerProbeTimeout = TimeSpan.FromSeconds(5);

    private static readonly SearchValues<char> InvalidShareChars = SearchValues.Create(@"/\:*?""<>|[]");

    public string Name => "smb";

    public IEnumerable<Error> Validate(SourceDraft draft) =>
        new[] { ValidateHost(draft.Host), ValidatePort(draft.Port), ValidateShare(draft.Share), ValidateFolder(draft.Folder), ValidateText("domain", draft.Domain), ValidateUser(draft), ValidateText("password", draft.Password), ValidateEncryption(draft) }.OfType<Error>();

    public void Apply(SourceDraft draft, Source source)
    {
        var smb = source.Smb ??= new SmbSource { Host = "", Share = "" };
        smb.Host = draft.Host?.Trim() ?? smb.Host;
        smb.Port = draft.Port ?? smb.Port;
        smb.Share = draft.Share?.Trim() ?? smb.Share;
        smb.Folder = draft.Folder is null ? smb.Folder : NormalizeFolder(draft.Folder);
        smb.Domain = draft.Domain is null ? smb.Domain : NullIfEmpty(draft.Domain.Trim());
        smb.UserName = draft.Username is null ? smb.UserName : NullIfEmpty(draft.Username.Trim());
        smb.SealedPassword = smb.UserName is null || draft.Password == "" ? null : draft.Password is null ? smb.SealedPassword : passwords.Seal(draft.Password);
        smb.Encryption = Enum.TryParse<SmbEncryption>(draft.Encryption, ignoreCase: true, out var encryption) ? encryption : smb.Encryption;
    }

    public ISourceConnector Connect(Source source) => new SmbConnector(manager, SmbLogin.From(RequireSmb(source)) with { IsProbe = source.Id == 0 }, RequireSmb(source).Folder);

    public async ValueTask ProbeServerAsync(Source source, CancellationToken cancellation)
    {
        var smb = RequireSmb(source);
        using var timeout = new CancellationTokenSource(ServerProbeTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await SmbProbe.NegotiateAsync(smb.Host, smb.Port, linked.Token);
        }
        catch (SmbException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            throw SmbErrorMapper.Map(exception.Kind == SmbError.HostNotFound ? exception : new SmbException(SmbError.NoAnswer), SmbLogin.From(smb), smb.Folder, "");
        }
    }

    public async ValueTask ProbeAsync(Source source, CancellationToken cancellation)
    {
        var smb = RequireSmb(source);
        try
        {
            await SmbProbe.NegotiateAsync(smb.Host, smb.Port, cancellation);
        }
        catch (SmbException exception)
        {
            throw SmbErrorMapper.Map(exception, SmbLogin.From(smb), smb.Folder, "");
        }
    }

    public async Task<IReadOnlyList<NetworkShare>> ListSharesAsync(Source source, CancellationToken cancellation)
    {
        var login = SmbLogin.From(RequireSmb(source)) with { Share = "", IsProbe = true };
        try
        {
            var shares = await manager.CallAsync(login, SmbConnectionPurpose.List, c => c.ListSharesAsync(), cancellation);
            return [.. shares.OrderBy(s => s.Name.EndsWith('$')).ThenBy(s => s.Name, StringComparer.OrdinalIgnoreCase)];
        }
        catch (SmbException exception)
        {
            throw SmbErrorMapper.Map(exception, login, "", "");
        }
    }

    public string GetLocation(Source source)
    {
        if (source.Smb is not { } smb)
        {
            return "";
        }

        var host = smb.Port == SmbAddress.DefaultPort ? smb.Host : string.Create(CultureInfo.InvariantCulture, $"{smb.Host}:{smb.Port}");
        return smb.Folder.Length == 0 ? $@"\\{host}\{smb.Share}" : $@"\\{host}\{smb.Share}\{smb.Folder.Replace('/', '\\')}";
    }

    public IAsyncEnumerable<WatchUpdate> Watch(Source source, Func<string, bool> isIgnored) =>
        new SmbWatch(manager, SmbLogin.From(RequireSmb(source)), RequireSmb(source).Folder, isIgnored, time).ReadAsync();

    /// <summary>Path components joined by single '/', without '/' at either end.</summary>
    internal static string NormalizeFolder(string folder) => string.Join('/', folder.Trim().Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries));

    private static SmbSource RequireSmb(Source source) => source.Smb ?? throw new InvalidOperationException("An SMB source without its connection.");

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static InvalidError? ValidateHost(string? host)
    {
        if (string.IsNullOrWhiteSpace(host))
        {
            return new InvalidError("host", "Say which file server: its name or its address, such as nas or 192.168.1.20.");
        }

        if (IPAddress.TryParse(host.Trim().Trim('[', ']'), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return new InvalidError("host", "An IPv6 address cannot be used here: give the file server a name and use that.");
        }

        return Uri.CheckHostName(host.Trim()) is UriHostNameType.Dns or UriHostNameType.IPv4
            ? null
            : new InvalidError("host", $"“{host}” is no name of a machine. Leave out smb:// and what comes after the name.");
    }

    private static InvalidError? ValidatePort(int? port) => port is null or (>= 1 and <= 65535) ? null : new InvalidError("port", "The port is a number from 1 to 65535; 445 is the usual one.");

    private static InvalidError? ValidateShare(string? share)
    {
        if (string.IsNullOrWhiteSpace(share))
        {
            return new InvalidError("share", "Say which share of the file server, such as media.");
        }

        return share.Trim().Length > MaxShareLength || share.AsSpan().ContainsAny(InvalidShareChars) || share.Any(char.IsControl)
            ? new InvalidError("share", $"“{share}” is no name of a share. A folder inside the share goes in its own field.")
            : null;
    }

    private static InvalidError? ValidateFolder(string? folder) =>
        folder is null || !(folder.Any(char.IsControl) || NormalizeFolder(folder).Split('/').Any(part => part is "." or ".."))
            ? null
            : new InvalidError("folder", "The folder is a path inside the share, such as video/films, without “..”.");

    private static InvalidError? ValidateUser(SourceDraft draft) =>
        string.IsNullOrWhiteSpace(draft.Username) && !string.IsNullOrEmpty(draft.Password)
            ? new InvalidError("username", "A password needs a user name; a guest has neither.")
            : ValidateText("username", draft.Username);

    private static InvalidError? ValidateText(string field, string? text) =>
        text is null || (Encoding.UTF8.GetByteCount(text) <= MaxTextBytes && !text.Any(char.IsControl))
            ? null
            : new InvalidError(field, "It may have 255 bytes at most, and no control characters.");

    private static InvalidError? ValidateEncryption(SourceDraft draft)
    {
        if (draft.Encryption is not (null or "off" or "ifOffered" or "required"))
        {
            return SourceErrors.NotOneOf("encryption", draft.Encryption, "off", "ifOffered", "required");
        }

        return draft.Encryption == "required" && string.IsNullOrWhiteSpace(draft.Username)
            ? new InvalidError("encryption", "A guest's connection cannot be encrypted. Give a user name and a password, or do not demand encryption.")
            : null;
    }
}
