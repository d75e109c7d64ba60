using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;

namespace Catalogizer.Web.Components.Sources;

/// <summary>What the user has entered about a source.</summary>
public sealed class SourceForm
{
    public bool IsShare { get; set; }

    public string? Name { get; set; }

    public string? Path { get; set; }

    public string? Host { get; set; }

    public int? Port { get; set; }

    public string? Share { get; set; }

    public string? Folder { get; set; }

    public string? Domain { get; set; }

    public bool IsGuest { get; set; }

    public string? User { get; set; }

    /// <summary>Never rendered into a field again.</summary>
    public string? Password { get; set; }

    /// <summary>A password was entered and has to be entered again.</summary>
    public bool IsPasswordCleared { get; set; }

    public string Encryption { get; set; } = "ifOffered";

    public string Purpose { get; set; } = "main";

    public string Mode { get; set; } = "alwaysOn";

    public bool Watch { get; set; } = true;

    public string Schedule { get; set; } = Schedules.Daily;

    public string? Cron { get; set; }

    /// <summary>The location in its usual notation: a path or \\host\share.</summary>
    public string Location => IsShare ? $@"\\{Host?.Trim()}\{Share?.Trim()}" : Path?.Trim() ?? "";

    public string FullLocation => IsShare && !string.IsNullOrWhiteSpace(Folder) ? $@"{Location}\{Folder.Trim().Replace('/', '\\')}" : Location;

    /// <summary>Differs exactly when the source has another location than before.</summary>
    public (bool, string?, string?, int?, string?, string?) LocationKey =>
        IsShare ? (true, null, Host?.Trim().ToLowerInvariant(), Port ?? 445, Share?.Trim(), Folder?.Trim().Trim('/', '\\') ?? "") : (false, Path?.Trim().TrimEnd('/'), null, null, null, null);

    public static SourceForm From(SourceView source) => new()
    {
        IsShare = source.Protocol == "smb",
        Name = source.Name,
        Path = source.Path,
        Host = source.Host,
        Port = source.Port == 445 ? null : source.Port,
        Share = source.Share,
        Folder = source.Folder,
        Domain = source.Domain,
        IsGuest = source.Protocol == "smb" && string.IsNullOrEmpty(source.Username),
        User = source.Username,
        Encryption = source.Encryption ?? "ifOffered",
        Purpose = ToCamelCase(source.Purpose.ToString()),
        Mode = ToCamelCase(source.Mode.ToString()),
        Watch = source.Watch,
        Schedule = Schedules.FindChoice(source.Schedule),
        Cron = source.Schedule,
    };

    /// <summary>Splits a whole address that was pasted as the file server into its fields.</summary>
    public void ParseHostAddress()
    {
        if (SmbAddress.ParsePasted(Host ?? "") is not { } address)
        {
            return;
        }

        Host = address.Host;
        Port = address.Port == SmbAddress.DefaultPort ? Port : address.Port;
        (Share, Folder) = address.Share.Length > 0 ? (address.Share, address.Folder) : (Share, Folder);
        Domain = address.Domain ?? Domain;
        (User, IsGuest) = address.User is { } user ? (user, false) : (User, IsGuest);
    }

    public SourceDraft ToDraft()
    {
        var draft = new SourceDraft
        {
            Name = Name?.Trim(),
            Protocol = IsShare ? "smb" : "local",
            Purpose = Purpose,
            Mode = Mode,
            Watch = Watch,
            Schedule = Schedule == Schedules.Custom ? Cron?.Trim() ?? "" : Schedule,
        };
        return !IsShare ? draft with { Path = Path?.Trim() } : draft with
        {
            Host = Host?.Trim(),
            Port = Port ?? 445,
            Share = Share?.Trim(),
            Folder = Folder?.Trim() ?? "",
            Domain = IsGuest ? "" : Domain?.Trim() ?? "",
            Username = IsGuest ? "" : User?.Trim() ?? "",
            Password = IsGuest || string.IsNullOrEmpty(Password) ? null : Password,
            Encryption = IsGuest && Encryption == "required" ? "ifOffered" : Encryption,
        };
    }

    /// <summary>Suggests a name: the innermost folder, or the share.</summary>
    public string SuggestName()
    {
        var path = IsShare ? (string.IsNullOrWhiteSpace(Folder) ? Share : Folder) : Path;
        return path?.TrimEnd('/', '\\').Split('/', '\\')[^1] ?? "";
    }

    /// <summary>Users who leave and come back find what they entered, except for the password.</summary>
    public void ClearPassword() => (IsPasswordCleared, Password) = (IsPasswordCleared || !string.IsNullOrEmpty(Password), null);

    private static string ToCamelCase(string value) => char.ToLowerInvariant(value[0]) + value[1..];
}

/// <summary>The source being added. Lives as long as the circuit, so that going back and forth loses nothing.</summary>
public sealed class SourceWizardState
{
    public SourceForm Form { get; set; } = new();
}
