using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Copies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "duplicate_groups",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    media_type = table.Column<int>(type: "INTEGER", nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    item_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_duplicate_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "duplicate_shares",
                columns: table => new
                {
                    group_id = table.Column<long>(type: "INTEGER", nullable: false),
                    source_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    media_type = table.Column<int>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    copies = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_duplicate_shares", x => new { x.group_id, x.source_id });
                });

            migrationBuilder.CreateTable(
                name: "duplicate_totals",
                columns: table => new
                {
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    source_id = table.Column<long>(type: "INTEGER", nullable: false),
                    media_type = table.Column<int>(type: "INTEGER", nullable: false),
                    group_count = table.Column<long>(type: "INTEGER", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_duplicate_totals", x => new { x.kind, x.source_id, x.media_type });
                });

            migrationBuilder.CreateTable(
                name: "file_prints",
                columns: table => new
                {
                    file_id = table.Column<long>(type: "INTEGER", nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    modified_at = table.Column<long>(type: "INTEGER", nullable: false),
                    sample = table.Column<byte[]>(type: "BLOB", nullable: true),
                    whole = table.Column<byte[]>(type: "BLOB", nullable: true),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    retry_at = table.Column<long>(type: "INTEGER", nullable: true),
                    grouped = table.Column<bool>(type: "INTEGER", nullable: false),
                    group_id = table.Column<long>(type: "INTEGER", nullable: true),
                    surplus = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_file_prints", x => x.file_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_duplicate_groups_item_id",
                table: "duplicate_groups",
                column: "item_id",
                filter: "item_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_duplicate_groups_size",
                table: "duplicate_groups",
                column: "size");

            migrationBuilder.CreateIndex(
                name: "ix_duplicate_shares_kind_source_id_bytes_group_id_media_type",
                table: "duplicate_shares",
                columns: new[] { "kind", "source_id", "bytes", "group_id", "media_type" });

            migrationBuilder.CreateIndex(
                name: "idx_prints_ungrouped",
                table: "file_prints",
                columns: new[] { "grouped", "size" },
                filter: "grouped = 0");

            migrationBuilder.CreateIndex(
                name: "ix_file_prints_group_id",
                table: "file_prints",
                column: "group_id",
                filter: "group_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_file_prints_size",
                table: "file_prints",
                column: "size");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "duplicate_groups");

            migrationBuilder.DropTable(
                name: "duplicate_shares");

            migrationBuilder.DropTable(
                name: "duplicate_totals");

            migrationBuilder.DropTable(
                name: "file_prints");
        }
    }
}
