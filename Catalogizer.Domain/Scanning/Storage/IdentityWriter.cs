using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Scanning.Storage;

/// <summary>Gives stored items another identity, and their parts those that begin with it.</summary>
internal sealed class IdentityWriter(SqliteConnection connection) : IDisposable
{
    private readonly StatementCache _statements = new(connection);

    /// <param name="bulk">The items in memory during a bulk load; null without one.</param>
    public void Write(long id, MediaKind kind, string previous, string identity, BulkItems? bulk)
    {
        SetIdentity(id, previous, identity, bulk);
        if (kind is not (MediaKind.Series or MediaKind.Album))
        {
            return;     // no other item with marks has parts
        }

        foreach (var (part, text) in bulk is null ? ReadParts(id) : ReadPartsWithoutIndex(id, bulk))
        {
            if (ItemMerges.RebaseIdentity(text, previous, identity) is var renamed && renamed != text)
            {
                SetIdentity(part, text, renamed, bulk);
            }
        }
    }

    public void Dispose() => _statements.Dispose();

    private static List<(long Id, string Identity)> ReadAll(Statement rows)
    {
        var parts = new List<(long, string)>();
        while (rows.Read())
        {
            parts.Add((rows.Int64(0), rows.Text(1)));
        }

        return parts;
    }

    private void SetIdentity(long id, string previous, string identity, BulkItems? bulk)
    {
        var hash = ItemIdentity.ComputeHash(identity);
        _statements.Get("UPDATE media_items SET identity = ?2, identity_hash = ?3 WHERE id = ?1").Bind(1, id).Bind(2, identity).Bind(3, hash).Run();
        bulk?.Replace(ItemIdentity.ComputeHash(previous), hash, id);
    }

    private List<(long Id, string Identity)> ReadParts(long item) => ReadAll(_statements.Get("""
        WITH RECURSIVE below(id, identity) AS (
          SELECT id, identity FROM media_items WHERE parent_id = ?1 UNION ALL SELECT p.id, p.identity FROM below b JOIN media_items p ON p.parent_id = b.id)
        SELECT id, identity FROM below
        """).Bind(1, item));

    // A bulk load has dropped the index of parents.
    private List<(long Id, string Identity)> ReadPartsWithoutIndex(long item, BulkItems bulk)
    {
        var parts = new List<(long, string)>();
        foreach (var part in bulk.FindParts(item))
        {
            var row = _statements.Get("SELECT identity FROM media_items WHERE id = ?1").Bind(1, part);
            if (row.Read())
            {
                parts.Add((part, row.Text(0)));
            }

            row.Reset();
        }

        return parts;
    }
}
