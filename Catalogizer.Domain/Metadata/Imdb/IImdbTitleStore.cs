namespace Catalogizer.Domain.Metadata.Imdb;

/// <summary>IMDb's titles as they were last imported. They lie apart from the catalogue and can be thrown away.</summary>
public interface IImdbTitleStore
{
    /// <summary>What was imported; null when nothing was.</summary>
    ImdbDataset? Dataset { get; }

    /// <summary>Films or series of a title, whatever its case, accents and article: those of the year first, then those with most votes.</summary>
    Task<IReadOnlyList<ImdbTitle>> FindAsync(bool isFilm, string title, int? year, int max, CancellationToken cancellation);

    Task<ImdbTitle?> GetAsync(long id, CancellationToken cancellation);

    Task<IReadOnlyList<int>> SeasonsAsync(long seriesId, CancellationToken cancellation);

    Task<IReadOnlyList<ImdbEpisode>> EpisodesAsync(long seriesId, int season, CancellationToken cancellation);

    /// <summary>Begins a new stock, which takes the place of the old one when it is complete and not before.</summary>
    IImdbDraft BeginImport();
}

/// <summary>A stock that is being imported; one that is not committed leaves nothing.</summary>
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
/// <param name="OriginalTitle">Null where it is the same.</param>
/// <param name="Genres">With commas between.</param>
public sealed record ImdbTitle(long Id, string Title, string? OriginalTitle, int? Year, string? Genres, double? Rating = null, long Votes = 0);

public sealed record ImdbEpisode(int Number, string? Title, double? Rating);
