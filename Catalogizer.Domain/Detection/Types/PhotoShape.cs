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
        else if (entry.Path.Kind == FileKind.Video && entry.Shelf == MediaType.Photo)
        {
            ballot.Cast(entry, NamedPattern.PhotoFile);
        }
    }

    public void Compose(Entry entry)
    {
        var fields = entry.Fields;
        (fields.Season, fields.Episodes, fields.Part, fields.Disc, fields.Source, fields.ReleaseGroup, fields.Year) = (null, null, null, null, null, null, null);
        (fields.Resolution, fields.Edition, fields.AudioCodec, fields.Seasons) = (null, null, null, null);
        fields.Title = TitleText.Clean(entry.Path.Stem.Text);
    }
}
