namespace Catalogizer.Domain.Detection.Types;

/// <summary>One kind of media: which named patterns fit an entry, and what its fields are once it has won.</summary>
internal interface IMediaClassifier
{
    Media.MediaType Type { get; }

    void Score(PathContext context, ref PatternVotes votes);

    void FillFields(PathContext context);
}
