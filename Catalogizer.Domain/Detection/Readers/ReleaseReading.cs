using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Reads a release name, a file's or a folder's, with every reader in turn.</summary>
internal static class ReleaseReading
{
    // The order matters: who reads first keeps the word. Ids and dates are plainer than episodes, years need to know both,
    // and what is title can only be told when all the others have read.
    private static readonly IClueReader[] Readers =
    [
        new EdgeReader(),
        new IdReader(),
        new ExtraReader(),
        new TermReader(),
        new DateReader(),
        new EpisodeReader(),
        new YearReader(),
        new PartReader(),
        new TitleEndReader(),
        new QualityReader(),
        new GroupReader(),
    ];

    public static NameReading Of(NameText name, bool explain)
    {
        var reading = new NameReading(name, explain);
        if (name.Count > 0)
        {
            foreach (var reader in Readers)
            {
                reader.Read(reading);
            }
        }

        return reading;
    }
}
