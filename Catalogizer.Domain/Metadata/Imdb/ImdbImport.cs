using System.IO.Compression;
using System.Net;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>
/// Imports IMDb's data files line by line from the folder or address that the owner configured. The present data stay in use
/// until the import is complete.
/// </summary>
public sealed class ImdbImport(IImdbTitleStore titles, ProviderSettings settings, ProviderHttpClients http, TimeProvider time)
{
    private const int MaxTextBytes = 1000;
    private const long MaxLines = 100_000_000;
    private const int LinesBetweenReports = 200_000;
    private static readonly TimeSpan MaxIdleTime = TimeSpan.FromMinutes(1);

    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="ImdbImportException">A file could not be opened or read; the present data stay in use.</exception>
    public async Task<string> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (settings.ConfigurationFor(ImdbProvider.Definition.Name) is not { Enabled: not false, BaseAddress: { } location })
        {
            return "No place of IMDb's data files is set, so nothing was imported.";
        }

        using var draft = titles.BeginImport();
        var count = await ReadFileAsync(location, "title.basics.tsv.gz", "titles", lines => AddTitle(draft, lines), progress, cancellation);
        await ReadFileAsync(location, "title.ratings.tsv.gz", "ratings", lines => AddRating(draft, lines), progress, cancellation);
        await ReadFileAsync(location, "title.episode.tsv.gz", "episodes", lines => AddEpisode(draft, lines), progress, cancellation);
        if (count == 0)
        {
            throw new ImdbImportException("title.basics.tsv.gz has no titles in it; what was there stays.");
        }

        await Task.Run(() => draft.Commit(time.GetUtcNow()), cancellation);
        return FormattableString.Invariant($"{count:N0} titles were imported.");
    }

    private static bool AddTitle(IImdbDraft draft, TsvReader line)
    {
        if (ParseKind(line.GetBytes(1)) is not { } kind || line.GetTitleId(0) is not { } id || line.GetText(2, MaxTextBytes) is not { } title || (kind == ImdbKind.Episode && title.StartsWith("Episode #", StringComparison.Ordinal)))
        {
            return false;
        }

        var original = line.GetText(3, MaxTextBytes);
        draft.AddTitle(kind, new ImdbTitle(id, title, original == title ? null : original, (int?)line.GetWholeNumber(5), kind == ImdbKind.Episode ? null : line.GetText(8, MaxTextBytes)));
        return true;
    }

    private static bool AddRating(IImdbDraft draft, TsvReader line)
    {
        if (line.GetTitleId(0) is not { } id || line.GetNumber(1) is not (> 0 and <= 10 and var rating))
        {
            return false;
        }

        draft.AddRating(id, rating, line.GetWholeNumber(2) ?? 0);
        return true;
    }

    private static bool AddEpisode(IImdbDraft draft, TsvReader line)
    {
        if (line.GetTitleId(0) is not { } id || line.GetTitleId(1) is not { } series || line.GetWholeNumber(2) is not (>= 0 and < 10_000 and var season) || line.GetWholeNumber(3) is not (>= 0 and < 100_000 and var number))
        {
            return false;
        }

        draft.AddEpisode(series, (int)season, (int)number, id);
        return true;
    }

    /// <summary>The types of title that are imported; shorts, games and the like would only cause wrong matches.</summary>
    private static ImdbKind? ParseKind(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("movie"u8) || type.SequenceEqual("tvMovie"u8) || type.SequenceEqual("video"u8) || type.SequenceEqual("tvSpecial"u8) ? ImdbKind.Film
        : type.SequenceEqual("tvSeries"u8) || type.SequenceEqual("tvMiniSeries"u8) ? ImdbKind.Series
        : type.SequenceEqual("tvEpisode"u8) ? ImdbKind.Episode
        : null;

    private async Task<long> ReadFileAsync(Uri location, string name, string label, Func<TsvReader, bool> add, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        using var idleTimeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        idleTimeout.CancelAfter(MaxIdleTime);
        try
        {
            await using var compressed = await OpenAsync(location, name, idleTimeout.Token);
            await using var stream = new GZipStream(compressed, CompressionMode.Decompress);
            var lines = new TsvReader(stream);
            var (count, read) = (0L, 0L);
            while (await lines.FillAsync(idleTimeout.Token))
            {
                idleTimeout.CancelAfter(MaxIdleTime);
                while (lines.ReadLine())
                {
                    count += add(lines) ? 1 : 0;
                    if (++read % LinesBetweenReports == 0)
                    {
                        progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{read:N0} {label} read")));
                    }
                }

                if (read > MaxLines)
                {
                    throw new ImdbImportException($"{name} has more lines than IMDb's ever had.");
                }
            }

            return count;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ImdbImportException($"{name}: nothing came for a minute.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or HttpRequestException or UnauthorizedAccessException)
        {
            throw new ImdbImportException($"{name} could not be read: {exception.Message}", exception);
        }
    }

    private async Task<Stream> OpenAsync(Uri location, string name, CancellationToken cancellation)
    {
        if (location.IsFile)
        {
            return new FileStream(Path.Combine(location.LocalPath, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024, useAsync: true);
        }

        var address = new Uri(location.AbsoluteUri.EndsWith('/') ? location : new Uri(location.AbsoluteUri + "/"), name);
        var response = await http.For(isTrusted: true).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            response.Dispose();
            throw new ImdbImportException(FormattableString.Invariant($"{name}: the server answered with {(int)response.StatusCode}."));
        }

        return await response.Content.ReadAsStreamAsync(cancellation);
    }
}

/// <summary>IMDb's data files could not be imported. The message is one sentence for users.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "A fault is what the project calls it, as at sources.")]
public sealed class ImdbImportException(string message, Exception? inner = null) : Exception(message, inner);
