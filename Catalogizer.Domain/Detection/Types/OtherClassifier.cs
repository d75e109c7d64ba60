using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Paths that no other classifier claims, or whose type is known only from a library folder.</summary>
internal sealed class OtherClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Other;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        if (context.FolderType is { } folderType)
        {
            votes.Add(context, NamedPattern.LibraryFolder, folderType);
        }
    }

    public void FillFields(PathContext context) => context.Fields.Title = ReleaseTitle.From(context.ParsedName);
}
