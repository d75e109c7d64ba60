using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection;

/// <summary>
/// Detects what a file or folder is from its path alone. Thread-safe and pure: no disk, clock, network or log. The same path always gives the
/// same verdict, in time linear in its length.
/// </summary>
public class MediaDetector
{
    /// <summary>Increase it with every change to the result for some name: files detected by an older version can then be re-detected.</summary>
    public const int Version = 7;

    private const double UnfinishedConfidence = 0.95;

    private readonly IMediaClassifier[] _classifiers =
    [
        new FilmClassifier(), new SeriesClassifier(), new MusicClassifier(), new AudioBookClassifier(), new BookClassifier(), new ComicClassifier(),
        new GameClassifier(), new SoftwareClassifier(), new PhotoClassifier(), new OtherClassifier(),
    ];

    private readonly IMediaClassifier[] _byType;

    public MediaDetector() => _byType = [.. _classifiers.OrderBy(classifier => classifier.Type)];

    /// <summary>Every path gets a type and, when it contains any text, a title. No path makes it throw.</summary>
    /// <param name="path">Relative, separated by '/'; may contain any characters.</param>
    /// <param name="explain">Whether to include the clues.</param>
    public virtual Verdict Detect(string path, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (UnfinishedDownloads.Matches(path))
        {
            return CreateUnfinishedVerdict(path, explain);
        }

        var context = new PathContext(path, explain);
        if (Sidecar.TryRead(context) is { } ownerType)
        {
            return CreateVerdict(context, ownerType, Sidecar.Confidence, context.Fields);
        }

        if (GamePart.TryRead(context) is { } game)
        {
            return CreateVerdict(context, MediaType.Game, GamePart.Confidence, game) with { GameFolder = context.GameFolder };
        }

        var votes = new PatternVotes(context.ParsedName.Clues);
        foreach (var classifier in _classifiers)
        {
            classifier.Score(context, ref votes);
        }

        _byType[(int)votes.Type].FillFields(context);
        context.Fields.Extra ??= context.ExtraType;
        context.Fields.Title ??= GetFallbackTitle(context);
        ItemMarkReader.Fill(context, votes.Type);
        var verdict = CreateVerdict(context, votes.Type, Math.Round(votes.Weight, 3), context.Fields);
        return votes.Type == MediaType.Game && GamePart.IsOfInstaller(context) ? verdict with { GameFolder = context.GameFolder } : verdict;
    }

    // Whatever the name says will be true only of the finished file.
    private static Verdict CreateUnfinishedVerdict(string path, bool explain)
    {
        var context = new PathContext(path, explain);
        var title = TitleCleaner.Clean(context.Path.Stem.Text) ?? TitleCleaner.MakeReadable(context.Path.Stem.Text);
        return CreateVerdict(context, MediaType.Other, UnfinishedConfidence, new MediaFieldsBuilder { Title = title });
    }

    private static Verdict CreateVerdict(PathContext context, MediaType type, double weight, MediaFieldsBuilder found)
    {
        var fields = found.Build();
        return new Verdict(type, weight, fields, context.ShouldExplain ? Explanation.Create(context, type, weight, fields) : []);
    }

    // Items whose title is in another field (an album, a comic) still need one to be listed under.
    private static string? GetFallbackTitle(PathContext context)
    {
        var fields = context.Fields;
        return fields.Album ?? fields.Series ?? ReleaseTitle.From(context.ParsedName)
            ?? (context.ItemFolderIndex >= 0 ? ReleaseTitle.From(context.GetFolder(context.ItemFolderIndex)!) : null)
            ?? TitleCleaner.Clean(context.Path.Stem.Text)
            ?? TitleCleaner.MakeReadable(context.Path.Stem.Text);
    }
}
