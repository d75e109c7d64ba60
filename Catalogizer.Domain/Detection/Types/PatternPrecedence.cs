using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Decides which pattern wins when several fit:
/// 1. the extension excludes types (no e-book is a film);
/// 2. a library folder adds a bonus to its own type ("Music/…") and subtracts nothing from others; archives, disc images and programs below "Games"
///    or "Software" are that, whatever their names say;
/// 3. the heaviest pattern wins, or the one added first when weights are equal;
/// 4. in a name with an episode or an air date film patterns cannot win, whatever they weigh: episode evidence outranks a year.
/// Patterns that lose stay in the explanation with their weight and the reason.
/// </summary>
internal static class PatternPrecedence
{
    /// <summary>The bonus for the type of the library folder. Twice the widest gap between neighbouring weights from 0.85 up.</summary>
    public const double FolderTypeBonus = 0.04;

    private static readonly MediaType[] VideoTypes = [MediaType.Movie, MediaType.TvShow, MediaType.Photo];
    private static readonly MediaType[] AudioTypes = [MediaType.Music, MediaType.Audiobook];
    private static readonly MediaType[] PrintTypes = [MediaType.Book, MediaType.Comic];
    private static readonly MediaType[] ProgramTypes = [MediaType.Software, MediaType.Game];

    public static bool CanHaveType(FileKind kind, MediaType type) => kind switch
    {
        _ when type == MediaType.Other => true,
        FileKind.Video => VideoTypes.Contains(type),
        FileKind.Audio => AudioTypes.Contains(type),
        FileKind.AudioBook => type == MediaType.Audiobook,
        FileKind.Image => type is MediaType.Photo or MediaType.Comic,
        FileKind.RawPhoto => type == MediaType.Photo,
        FileKind.Book or FileKind.Document => PrintTypes.Contains(type),
        FileKind.Comic => type == MediaType.Comic,
        FileKind.Rom => type == MediaType.Game,
        FileKind.Program => ProgramTypes.Contains(type),
        _ => true,
    };

    /// <param name="bonus">What the classifier adds or subtracts for the circumstances.</param>
    public static double Score(NamedPattern pattern, MediaType type, MediaType? folderType, double bonus) =>
        Math.Min(0.99, pattern.Weight + (folderType == type && pattern != NamedPattern.LibraryFolder ? FolderTypeBonus : 0) + bonus);
}
