using Catalogizer.Domain.Library.Storage;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class CopiesInHoldings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(PresenceSet.RecountSql);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Patterns of before have sources alone, which no older program can read out of these.
            throw new System.NotSupportedException("Restore a backup that the older program made.");
        }
    }
}
