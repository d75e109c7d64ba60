using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class OutagesAndFailedFiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "source_outages",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    source_id = table.Column<long>(type: "INTEGER", nullable: false),
                    away_at = table.Column<long>(type: "INTEGER", nullable: false),
                    why = table.Column<string>(type: "TEXT", nullable: true),
                    back_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_outages", x => x.id);
                    table.ForeignKey(
                        name: "fk_source_outages_sources_source_id",
                        column: x => x.source_id,
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_version_analyses_failed",
                table: "version_analyses",
                column: "at",
                filter: "error IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_source_outages_source_id",
                table: "source_outages",
                column: "source_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "source_outages");

            migrationBuilder.DropIndex(
                name: "ix_version_analyses_failed",
                table: "version_analyses");
        }
    }
}
