using Catalogizer.Domain.Library.Storage;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SourceStandings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_paused",
                table: "sources",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_purging",
                table: "sources",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "removed_at",
                table: "sources",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "standing",
                table: "sources",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "standing",
                table: "holdings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.DropIndex(
                name: "ix_sources_name",
                table: "sources");

            migrationBuilder.CreateIndex(
                name: "ix_sources_name",
                table: "sources",
                column: "name",
                unique: true,
                filter: "standing <> 2");

            migrationBuilder.Sql(CatalogSchema.CountVersionsBySource);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sources_name",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "is_paused",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "is_purging",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "removed_at",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "standing",
                table: "sources");

            migrationBuilder.DropColumn(
                name: "standing",
                table: "holdings");

            migrationBuilder.CreateIndex(
                name: "ix_sources_name",
                table: "sources",
                column: "name",
                unique: true);
        }
    }
}
