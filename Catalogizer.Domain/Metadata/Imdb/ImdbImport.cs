using System.IO.Compression;
using System.Net;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>
/// Brings IMDb's data files here from the folder or address that the owner named, line by line. The stock that was there serves
/// until the new one is complete.
/// </summary>
public sealed class ImdbImport(IImdbTitles titles, ProviderSettings settings, ProviderHttp http, TimeProvider time)
{
    private const int LongestText = 1000;
    private const long MostLines = 100_000_000;
    private const int LinesBetweenReports = 200_000;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="ImdbFault">A file could not be had or read; what was there stays.</exception>
    public async Task<string> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (settings.SetupOf(ImdbProvider.About.Name) is not { Enabled: not false, BaseAddress: { } place })
        {
            return "No place of IMDb's data files is set, so nothing was imported.";
        }

        using var draft = titles.Begin();
        var count = await ReadAsync(place, "title.basics.tsv.gz", "titles", lines => AddTitle(draft, lines), progress, cancellation);
        await ReadAsync(place, "title.ratings.tsv.gz", "ratings", lines => AddRating(draft, lines), progress, cancellation);
        await ReadAsync(place, "title.episode.tsv.gz", "episodes", lines => AddEpisode(draft, lines), progress, cancellation);
        if (count == 0)
        {
            throw new ImdbFault("title.basics.tsv.gz has no titles in it; what was there stays.");
        }

        await Task.Run(() => draft.Commit(time.GetUtcNow()), cancellation);
        return FormattableString.Invariant($"{count:N0} titles were imported.");
    }

    private static bool AddTitle(IImdbDraft draft, TsvLines line)
    {
        if (KindOf(line.Bytes(1)) is not { } kind || line.TitleId(0) is not { } id || line.Text(2, LongestText) is not { } title || (kind == ImdbKind.Episode && title.StartsWith("Episode #", StringComparison.Ordinal)))
        {
            return false;
        }

        var original = line.Text(3, LongestText);
        draft.AddTitle(kind, new ImdbTitle(id, title, original == title ? null : original, (int?)line.Whole(5), kind == ImdbKind.Episode ? null : line.Text(8, LongestText)));
        return true;
    }

    private static bool AddRating(IImdbDraft draft, TsvLines line)
    {
        if (line.TitleId(0) is not { } id || line.Number(1) is not (> 0 and <= 10 and var rating))
        {
            return false;
        }

        draft.AddRating(id, rating, line.Whole(2) ?? 0);
        return true;
    }

    private static bool AddEpisode(IImdbDraft draft, TsvLines line)
    {
        if (line.TitleId(0) is not { } id || line.TitleId(1) is not { } series || line.Whole(2) is not (>= 0 and < 10_000 and var season) || line.Whole(3) is not (>= 0 and < 100_000 and var number))
        {
            return false;
        }

        draft.AddEpisode(series, (int)season, (int)number, id);
        return true;
    }

    /// <summary>What is kept of all that IMDb has; shorts, games and the like would only be taken for something else.</summary>
    private static ImdbKind? KindOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("movie"u8) || type.SequenceEqual("tvMovie"u8) || type.SequenceEqual("video"u8) || type.SequenceEqual("tvSpecial"u8) ? ImdbKind.Film
        : type.SequenceEqual("tvSeries"u8) || type.SequenceEqual("tvMiniSeries"u8) ? ImdbKind.Series
        : type.SequenceEqual("tvEpisode"u8) ? ImdbKind.Episode
        : null;

    private async Task<long> ReadAsync(Uri place, string name, string what, Func<TsvLines, bool> add, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(LongestSilence);
        try
        {
            await using var packed = await OpenAsync(place, name, silence.Token);
            await using var stream = new GZipStream(packed, CompressionMode.Decompress);
            var lines = new TsvLines(stream);
            var (count, read) = (0L, 0L);
            while (await lines.FillAsync(silence.Token))
            {
                silence.CancelAfter(LongestSilence);
                while (lines.Next())
                {
                    count += add(lines) ? 1 : 0;
                    if (++read % LinesBetweenReports == 0)
                    {
                        progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{read:N0} {what} read")));
                    }
                }

                if (read > MostLines)
                {
                    throw new ImdbFault($"{name} has more lines than IMDb's ever had.");
                }
            }

            return count;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ImdbFault($"{name}: nothing came for a minute.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or HttpRequestException or UnauthorizedAccessException)
        {
            throw new ImdbFault($"{name} could not be read: {exception.Message}", exception);
        }
    }

    private async Task<Stream> OpenAsync(Uri place, string name, CancellationToken cancellation)
    {
        if (place.IsFile)
        {
            return new FileStream(Path.Combine(place.LocalPath, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024, useAsync: true);
        }

        var address = new Uri(place.AbsoluteUri.EndsWith('/') ? place : new Uri(place.AbsoluteUri + "/"), name);
        var answer = await http.For(trusted: true).GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            answer.Dispose();
            throw new ImdbFault(FormattableString.Invariant($"{name}: the server answered with {(int)answer.StatusCode}."));
        }

        return await answer.Content.ReadAsStreamAsync(cancellation);
    }
}

/// <summary>IMDb's data files could not be imported. The message is one sentence for people.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "A fault is what the project calls it, as at sources.")]
public sealed class ImdbFault(string message, Exception? inner = null) : Exception(message, inner);
