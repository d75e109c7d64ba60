using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Joins : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "work_joins",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    from_item = table.Column<long>(type: "INTEGER", nullable: false),
                    identity = table.Column<string>(type: "TEXT", nullable: true),
                    version_id = table.Column<long>(type: "INTEGER", nullable: true),
                    to_item = table.Column<long>(type: "INTEGER", nullable: false),
                    part_of = table.Column<long>(type: "INTEGER", nullable: true),
                    title = table.Column<string>(type: "TEXT", nullable: false),
                    kept = table.Column<string>(type: "TEXT", nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", nullable: false),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_work_joins", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_work_joins_from_item",
                table: "work_joins",
                column: "from_item");

            migrationBuilder.CreateIndex(
                name: "ix_work_joins_to_item",
                table: "work_joins",
                column: "to_item");

            migrationBuilder.CreateIndex(
                name: "ix_work_joins_version_id",
                table: "work_joins",
                column: "version_id",
                filter: "version_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "work_joins");
        }
    }
}
