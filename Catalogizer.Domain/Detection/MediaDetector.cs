using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Types;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection;

/// <summary>
/// Tells what a file or folder is from its path alone. Thread-safe and pure: no disk, clock, network or log; the same path
/// always gives the same verdict, in time linear in its length.
/// </summary>
public class MediaDetector
{
    /// <summary>Grows with every change that reads some name otherwise: what an older one read may be read again.</summary>
    public const int Version = 5;

    private readonly IMediaShape[] _shapes =
    [
        new FilmShape(), new SeriesShape(), new MusicShape(), new AudioBookShape(), new BookShape(), new ComicShape(),
        new GameShape(), new SoftwareShape(), new PhotoShape(), new OtherShape(),
    ];

    private readonly IMediaShape[] _byType;

    public MediaDetector() => _byType = [.. _shapes.OrderBy(shape => shape.Type)];

    /// <summary>Every path gets a type and, when it holds any text, a title; no input throws.</summary>
    /// <param name="path">Relative, with '/', any characters.</param>
    /// <param name="explain">Adds the clues.</param>
    public virtual Verdict Detect(string path, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        var entry = new Entry(new MediaPath(path), explain);
        if (Sidecar.TryRead(entry) is { } owner)
        {
            return Sealed(entry, owner, Sidecar.Weight);
        }

        var ballot = new Ballot(entry.Reading.Clues);
        foreach (var shape in _shapes)
        {
            shape.Weigh(entry, ref ballot);
        }

        _byType[(int)ballot.Type].Compose(entry);
        entry.Fields.Extra ??= entry.ExtraFolder;
        entry.Fields.Title ??= Untitled(entry);
        return Sealed(entry, ballot.Type, Math.Round(ballot.Weight, 3));
    }

    private static Verdict Sealed(Entry entry, MediaType type, double weight)
    {
        var fields = entry.Fields.Build();
        return new Verdict(type, weight, fields, entry.Explain ? Explanation.Of(entry, type, weight, fields) : []);
    }

    // A work that names itself otherwise (an album, a comic) still gets something to be listed under.
    private static string? Untitled(Entry entry)
    {
        var fields = entry.Fields;
        return fields.Album ?? fields.Series ?? ReleaseTitle.Of(entry.Reading)
            ?? (entry.FirstFolder >= 0 ? ReleaseTitle.Of(entry.Folder(entry.FirstFolder)!) : null)
            ?? TitleText.Clean(entry.Path.Stem.Text)
            ?? TitleText.Readable(entry.Path.Stem.Text);
    }
}
