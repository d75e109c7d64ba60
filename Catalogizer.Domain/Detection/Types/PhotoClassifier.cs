using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Photos. The day comes from names such as IMG_20200102_123456.</summary>
internal sealed class PhotoClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Photo;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        if (context.Path.Kind is FileKind.Image or FileKind.RawPhoto)
        {
            votes.Add(context, NamedPattern.PhotoFile);
        }
        else if (context.Path.Kind == FileKind.Video && (context.FolderType == MediaType.Photo || IsFromCamera(context.Path.Stem) || IsTimestamp(context.Path.Stem)))
        {
            votes.Add(context, NamedPattern.PhotoFile);
        }
    }

    // VID_20190502_121314, PXL_…, MVI_0001, GOPR0001, DJI_0001
    private static bool IsFromCamera(TokenizedName name)
    {
        if (name.Count == 0)
        {
            return false;
        }

        var word = name.Word(0);
        return name.Count > 1 && name[1].Length >= 4 && char.IsAsciiDigit(name.Word(1)[0])
            ? word is "vid" or "img" or "pxl" or "mvi" or "dji" or "mov" or "dsc" or "dscn" or "dscf" or "wp"
            : word.Length == 8 && (word.StartsWith("gopr") || word.StartsWith("gx01") || word.StartsWith("gh01") || word.StartsWith("dscn") || word.StartsWith("mvi"));
    }

    // "2019-08-03 14.22.10", "20190803_142210": phones name their photos and videos with a date and time and nothing else.
    private static bool IsTimestamp(TokenizedName name)
    {
        for (var i = 0; i < name.Count; i++)
        {
            if (!name[i].IsNumber)
            {
                return false;
            }
        }

        return name.Count switch
        {
            2 => name[0].Length == 8 && name[1].Length == 6 && IsTimeOfDay(name.Number(1) / 10000, name.Number(1) / 100 % 100, name.Number(1) % 100),
            6 => name[0].Length == 4 && name[1].Length == 2 && name[2].Length == 2 && name[3].Length == 2 && IsTimeOfDay(name.Number(3), name.Number(4), name.Number(5)),
            _ => false,
        };
    }

    private static bool IsTimeOfDay(int hour, int minute, int second) => hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60;

    public void FillFields(PathContext context)
    {
        var fields = context.Fields;
        (fields.Season, fields.Episodes, fields.Part, fields.Disc, fields.Source, fields.ReleaseGroup, fields.Year) = (null, null, null, null, null, null, null);
        (fields.Resolution, fields.Edition, fields.AudioCodec, fields.Seasons) = (null, null, null, null);
        fields.Title = TitleCleaner.Clean(context.Path.Stem.Text);
    }
}
