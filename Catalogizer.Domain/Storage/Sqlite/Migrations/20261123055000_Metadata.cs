using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Metadata : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "artwork",
                columns: table => new
                {
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    content_type = table.Column<string>(type: "TEXT", nullable: false),
                    fetched_at = table.Column<long>(type: "INTEGER", nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    source_url = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_artwork", x => x.hash);
                });

            migrationBuilder.CreateIndex(
                name: "ix_artwork_source_url",
                table: "artwork",
                column: "source_url");

            migrationBuilder.CreateTable(
                name: "external_metadata",
                columns: table => new
                {
                    item_id = table.Column<long>(type: "INTEGER", nullable: false),
                    provider = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    external_id = table.Column<string>(type: "TEXT", nullable: false),
                    fetched_at = table.Column<long>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_external_metadata", x => new { x.item_id, x.provider });
                });

            migrationBuilder.CreateIndex(
                name: "ix_external_metadata_expires_at",
                table: "external_metadata",
                column: "expires_at");

            migrationBuilder.CreateTable(
                name: "media_matches",
                columns: table => new
                {
                    item_id = table.Column<long>(type: "INTEGER", nullable: false),
                    candidates = table.Column<string>(type: "TEXT", nullable: true),
                    checked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    confidence = table.Column<double>(type: "REAL", nullable: false),
                    external_id = table.Column<string>(type: "TEXT", nullable: true),
                    name_title = table.Column<string>(type: "TEXT", nullable: true),
                    name_year = table.Column<int>(type: "INTEGER", nullable: true),
                    provider = table.Column<string>(type: "TEXT", nullable: true),
                    reasons = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_media_matches", x => x.item_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_media_matches_state_confidence",
                table: "media_matches",
                columns: new[] { "state", "confidence" });

            migrationBuilder.CreateTable(
                name: "provider_answers",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: true),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    fetched_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_answers", x => x.key);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "artwork");

            migrationBuilder.DropTable(
                name: "external_metadata");

            migrationBuilder.DropTable(
                name: "media_matches");

            migrationBuilder.DropTable(
                name: "provider_answers");
        }
    }
}
