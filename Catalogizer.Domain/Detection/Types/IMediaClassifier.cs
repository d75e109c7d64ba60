using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>One media type: adds the named patterns that fit a path, and fills the fields once its type has won.</summary>
internal interface IMediaClassifier
{
    MediaType Type { get; }

    void Score(PathContext context, ref PatternVotes votes);

    void FillFields(PathContext context);
}
