using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>What nothing else claims, or what only its sorting folder tells.</summary>
internal sealed class OtherShape : IMediaShape
{
    public MediaType Type => MediaType.Other;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        if (entry.Shelf is { } shelf)
        {
            ballot.Cast(entry, NamedPattern.LibraryFolder, shelf);
        }
    }

    public void Compose(Entry entry) => entry.Fields.Title = ReleaseTitle.Of(entry.Reading);
}
