namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>IMDb's titles as of the last import. They are stored separately from the catalogue and can be deleted.</summary>
public interface IImdbTitleStore
{
    /// <summary>The imported data; null when there are none.</summary>
    ImdbDataset? Dataset { get; }

    /// <summary>Films or series with a title, ignoring case, accents and article: those of the year first, then those with the most votes.</summary>
    Task<IReadOnlyList<ImdbTitle>> FindAsync(bool isFilm, string title, int? year, int max, CancellationToken cancellation);

    Task<ImdbTitle?> GetAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<int>> SeasonsAsync(long seriesId, CancellationToken cancellation);

    Task<IReadOnlyList<ImdbEpisode>> EpisodesAsync(long seriesId, int season, CancellationToken cancellation);

    /// <summary>Starts an import, which replaces the present data only when it is complete.</summary>
    IImdbDraft BeginImport();
}

/// <summary>An import in progress; if it is not committed, it leaves nothing behind.</summary>
public interface IImdbDraft : IDisposable
{
    void AddTitle(ImdbKind kind, ImdbTitle title);

    void AddRating(long id, double rating, long votes);

    void AddEpisode(long seriesId, int season, int number, long id);

    void Commit(DateTimeOffset at);
}

public enum ImdbKind
{
    Film = 0,
    Series = 1,
    Episode = 2,
}

public sealed record ImdbDataset(long Titles, DateTimeOffset ImportedAt);

/// <param name="Id">The number after "tt".</param>
/// <param name="OriginalTitle">Null where it equals the title.</param>
/// <param name="Genres">Separated by commas.</param>
public sealed record ImdbTitle(long Id, string Title, string? OriginalTitle, int? Year, string? Genres, double? Rating = null, long Votes = 0);

public sealed record ImdbEpisode(int Number, string? Title, double? Rating);
