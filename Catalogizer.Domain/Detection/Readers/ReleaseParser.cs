using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Parses the release name of a file or folder with all readers.</summary>
internal static class ReleaseParser
{
    // The order matters: the first reader that claims a word keeps it. IDs and dates are less ambiguous than episodes, years depend on both, and
    // the end of the title is known only after all of these.
    private static readonly IClueReader[] Readers =
    [
        new AffixReader(),
        new ProviderIdReader(),
        new ExtraReader(),
        new TermReader(),
        new EditionReader(),
        new BonusReader(),
        new DateReader(),
        new CollectionReader(),
        new EpisodeReader(),
        new RepostReader(),
        new YearReader(),
        new PartReader(),
        new FormatWordReader(),
        new TitleEndReader(),
        new QualityReader(),
        new ReleaseGroupReader(),
    ];

    /// <param name="isVideo">Whether words for bonus material and version marks count: in the names of music and books they have other meanings.</param>
    public static ParsedName Parse(TokenizedName name, bool explain, NamePlace place = NamePlace.Any, bool isVideo = false)
    {
        var parsed = new ParsedName(name, explain, isVideo) { Place = place };
        if (name.Count > 0)
        {
            foreach (var reader in Readers)
            {
                reader.Read(parsed);
            }
        }

        return parsed;
    }
}
