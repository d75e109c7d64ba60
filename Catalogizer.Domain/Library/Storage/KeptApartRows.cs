using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Reads the items that only a mark, such as an id or a year, keeps apart from another.</summary>
internal static class KeptApartRows
{
    private const int MaxItems = 8;

    public static IReadOnlyList<KeptApartItem> Read(ReadSession session, long id, MediaKind kind)
    {
        if (!ItemIdentity.HasMarks(kind))
        {
            return [];
        }

        // While a first scan runs, the index of the hashes is missing, and a page must not wait for a walk through all items.
        using var rows = session.Prepare($"""
            SELECT i.identity, o.identity, o.id, o.title, o.year FROM media_items i
              JOIN media_items o ON o.identity_hash = i.identity_hash AND o.id <> i.id AND {SourceRows.IsItemInCatalog("o")}
            WHERE i.id = ?1 AND NOT EXISTS (SELECT 1 FROM late_indexes) ORDER BY o.year, o.id
            """);
        rows.Bind(1, id);
        var items = new List<KeptApartItem>();
        while (items.Count < MaxItems && rows.Read())
        {
            var (own, other) = (rows.Text(0), rows.Text(1));
            if (ItemIdentity.AreToldApart(own, other) && ItemIdentity.DescribeDifference(own, other) is { } difference)
            {
                items.Add(new KeptApartItem(rows.Int64(2), rows.Text(3), rows.Int32OrNull(4), difference));
            }
        }

        return items;
    }
}
