using Catalogizer.Domain.Common;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>Folders of this server.</summary>
internal sealed class LocalProtocol(OwnFiles ownFiles, IOptions<LocalOptions> options) : ISourceProtocol
{
    private readonly IReadOnlyList<string> _roots = [.. options.Value.LocalRoots];

    public string Name => "local";

    public IEnumerable<Error> Validate(SourceDraft draft)
    {
        if (string.IsNullOrWhiteSpace(draft.Path))
        {
            yield return new InvalidError("path", "Say which folder: an absolute path such as /media/films.");
        }
        else if (!Path.IsPathRooted(draft.Path) || draft.Path.Contains('\0'))
        {
            yield return new InvalidError("path", "The folder must be an absolute path such as /media/films.");
        }
    }

    public void Apply(SourceDraft draft, Source source) => source.Path = draft.Path is null ? source.Path : NormalizePath(draft.Path);

    public ISourceConnector Connect(Source source) => new LocalConnector(GetRoot(source), CreateAccess());

    public string GetLocation(Source source) => source.Path ?? "";

    public IAsyncEnumerable<WatchUpdate> Watch(Source source, Func<string, bool> isIgnored) => new LocalWatch(GetRoot(source), CreateAccess(), isIgnored).ReadAsync();

    public string? GetWarning(Source source) => SensitiveFolders.GetWarning(GetRoot(source));

    public FolderListing Browse(string? path) => LocalFolderBrowser.List(path, CreateAccess());

    /// <summary>The absolute path without '.', '..' and a trailing '/'. A link is resolved now, since connectors do not follow links.</summary>
    internal static string NormalizePath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;    // used as it is; connecting reports the error
        }
    }

    private static string GetRoot(Source source) => source.Path ?? throw new InvalidOperationException("A local source without a path.");

    private LocalAccess CreateAccess() => new(ownFiles, _roots);
}
