
namespace Catalogizer.Domain.Duplicates.Storage;

/// <summary>Totals of an item's lower-quality versions by source; null when there are none any more.</summary>
internal sealed record LowerQualityGroup(long ItemId, int MediaType, SortedDictionary<long, (long Bytes, int Copies)>? Totals);
