namespace Catalogizer.Domain.Detection.Types;

/// <summary>One kind of media: which named patterns fit an entry, and what its fields are once it has won.</summary>
internal interface IMediaShape
{
    Media.MediaType Type { get; }

    void Weigh(Entry entry, ref Ballot ballot);

    void Compose(Entry entry);
}
