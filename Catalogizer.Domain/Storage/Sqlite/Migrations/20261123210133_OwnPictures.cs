using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class OwnPictures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "contents",
                table: "version_analyses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_picture",
                table: "version_analyses",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "look",
                table: "version_analyses",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "item_pictures",
                columns: table => new
                {
                    item_id = table.Column<long>(type: "INTEGER", nullable: false),
                    layer = table.Column<int>(type: "INTEGER", nullable: false),
                    address = table.Column<string>(type: "TEXT", nullable: true),
                    file_id = table.Column<long>(type: "INTEGER", nullable: true),
                    stamp = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_item_pictures", x => new { x.item_id, x.layer });
                });

            migrationBuilder.CreateIndex(
                name: "ix_item_pictures_file_id",
                table: "item_pictures",
                column: "file_id",
                filter: "file_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_item_pictures_address",
                table: "item_pictures",
                column: "address",
                filter: "address IS NOT NULL");

            // What was shown so far came from providers.
            migrationBuilder.Sql("INSERT INTO item_pictures (item_id, layer, address) SELECT id, 2, poster FROM media_items WHERE poster IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "item_pictures");

            migrationBuilder.DropColumn(
                name: "contents",
                table: "version_analyses");

            migrationBuilder.DropColumn(
                name: "has_picture",
                table: "version_analyses");

            migrationBuilder.DropColumn(
                name: "look",
                table: "version_analyses");
        }
    }
}
