using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Photos; the day comes from names such as IMG_20200102_123456.</summary>
internal sealed class PhotoShape : IMediaShape
{
    public MediaType Type => MediaType.Photo;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        if (entry.Path.Kind is FileKind.Image or FileKind.RawPhoto)
        {
            ballot.Cast(entry, NamedPattern.PhotoFile);
        }
        else if (entry.Path.Kind == FileKind.Video && (entry.Shelf == MediaType.Photo || IsFromCamera(entry.Path.Stem)))
        {
            ballot.Cast(entry, NamedPattern.PhotoFile);
        }
    }

    // VID_20190502_121314, PXL_…, MVI_0001, GOPR0001, DJI_0001
    private static bool IsFromCamera(NameText name)
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

    public void Compose(Entry entry)
    {
        var fields = entry.Fields;
        (fields.Season, fields.Episodes, fields.Part, fields.Disc, fields.Source, fields.ReleaseGroup, fields.Year) = (null, null, null, null, null, null, null);
        (fields.Resolution, fields.Edition, fields.AudioCodec, fields.Seasons) = (null, null, null, null);
        fields.Title = TitleText.Clean(entry.Path.Stem.Text);
    }
}
