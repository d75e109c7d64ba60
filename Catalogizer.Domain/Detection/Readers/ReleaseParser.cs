using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Reads a release name, a file's or a folder's, with every reader in turn.</summary>
internal static class ReleaseParser
{
    // The order matters: who reads first keeps the word. Ids and dates are plainer than episodes, years need to know both,
    // and what is title can only be told when all the others have read.
    private static readonly IClueReader[] Readers =
    [
        new AffixReader(),
        new ProviderIdReader(),
        new ExtraReader(),
        new TermReader(),
        new DateReader(),
        new EpisodeReader(),
        new YearReader(),
        new PartReader(),
        new TitleEndReader(),
        new QualityReader(),
        new ReleaseGroupReader(),
    ];

    public static ParsedName Parse(TokenizedName name, bool explain)
    {
        var parsed = new ParsedName(name, explain);
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
