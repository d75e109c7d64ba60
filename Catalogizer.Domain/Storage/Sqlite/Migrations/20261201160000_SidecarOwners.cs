using Catalogizer.Domain.Library.Storage;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SidecarOwners : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "item_id",
                table: "files",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_files_item_id",
                table: "files",
                column: "item_id",
                filter: "item_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_files_unowned",
                table: "files",
                columns: new[] { "source_id", "folder_id" },
                filter: "role = 1 AND version_id IS NULL AND item_id IS NULL");

            migrationBuilder.Sql(CatalogSchema.ReleaseSidecars);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER media_items_left;");

            migrationBuilder.DropIndex(
                name: "ix_files_unowned",
                table: "files");

            migrationBuilder.DropIndex(
                name: "ix_files_item_id",
                table: "files");

            migrationBuilder.DropColumn(
                name: "item_id",
                table: "files");
        }
    }
}
