using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Who wins when patterns disagree, in one place:
/// 1. the extension rules types out (no e-book is a film);
/// 2. a sorting folder adds a bonus to its own type ("Music/…"), and takes from none;
/// 3. the heaviest pattern wins, ties go to the one asked first;
/// 4. a film pattern is not even handed in for a name with an episode form or an air date: episode evidence outranks a year.
/// </summary>
internal static class Arbitration
{
    /// <summary>What the fitting sorting folder adds. Twice the widest gap between neighbouring patterns.</summary>
    public const double ShelfBonus = 0.04;

    private static readonly MediaType[] Moving = [MediaType.Movie, MediaType.TvShow, MediaType.Photo];
    private static readonly MediaType[] Sounding = [MediaType.Music, MediaType.Audiobook];
    private static readonly MediaType[] Printed = [MediaType.Book, MediaType.Comic];
    private static readonly MediaType[] Running = [MediaType.Software, MediaType.Game];

    public static bool MayBe(FileKind kind, MediaType type) => kind switch
    {
        _ when type == MediaType.Other => true,
        FileKind.Video => Moving.Contains(type),
        FileKind.Audio => Sounding.Contains(type),
        FileKind.AudioBook => type == MediaType.Audiobook,
        FileKind.Image => type is MediaType.Photo or MediaType.Comic,
        FileKind.RawPhoto => type == MediaType.Photo,
        FileKind.Book or FileKind.Document => Printed.Contains(type),
        FileKind.Comic => type == MediaType.Comic,
        FileKind.Rom => type == MediaType.Game,
        FileKind.Program => Running.Contains(type),
        _ => true,
    };

    public static double Weigh(NamedPattern pattern, MediaType type, MediaType? shelf) =>
        pattern.Weight + (shelf == type && pattern != NamedPattern.LibraryFolder ? ShelfBonus : 0);
}
