using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The artist of a compilation under one name, however releases write it: "VA", "V.A.", "Various".</summary>
internal static class VariousArtists
{
    public const string Name = "Various Artists";

    public static string? Normalize(string? artist) =>
        artist is not null && (TitleCleaner.HasSameLetters(artist, "va") || TitleCleaner.HasSameLetters(artist, "various") || TitleCleaner.HasSameLetters(artist, "variousartists"))
            ? Name
            : artist;
}
