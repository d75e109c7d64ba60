namespace Catalogizer.Domain.Catalog;

/// <summary>What a file or an item is. The first four are the core types of the search contract, the others extend it.</summary>
public enum MediaType
{
    Movie,
    TvShow,
    Music,
    Game,
    Software,
    Book,
    Comic,
    Audiobook,
    Photo,
    Other,
}

/// <summary>Names of the types in the API, on the command line and in the database's exports.</summary>
public static class MediaTypes
{
    private static readonly string[] ApiNames =
        ["movie", "tv_show", "music", "game", "software", "book", "comic", "audiobook", "photo", "other"];

    public static IReadOnlyList<string> All => ApiNames;

    public static string ToApiName(this MediaType type) => ApiNames[(int)type];

    public static bool TryParse(string? apiName, out MediaType type)
    {
        var index = Array.IndexOf(ApiNames, apiName);
        type = index < 0 ? MediaType.Other : (MediaType)index;
        return index >= 0;
    }
}
