using Catalogizer.Domain.Library.Storage;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class IndexesForEveryOrderAndFilter : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A bulk load that was cut short has left the indexes away, to be built when it goes on.
            foreach (var index in (string[])["idx_media_rating_desc", "idx_media_type_year", "idx_media_updated_desc", "idx_work_added", "idx_work_rating", "idx_work_title", "idx_work_updated", "idx_work_year"])
            {
                migrationBuilder.Sql($"DROP INDEX IF EXISTS {index}; DELETE FROM late_indexes WHERE name = '{index}';");
            }

            migrationBuilder.Sql("""
                DROP TRIGGER IF EXISTS media_items_added;
                DROP TRIGGER IF EXISTS media_items_removed;
                DROP TRIGGER IF EXISTS media_items_renamed;
                DROP TRIGGER IF EXISTS media_items_counted;
                DROP TRIGGER IF EXISTS media_versions_added;
                DROP TRIGGER IF EXISTS media_versions_removed;
                DROP TRIGGER IF EXISTS media_versions_counted;
                DROP TRIGGER IF EXISTS files_added;
                DROP TRIGGER IF EXISTS files_removed;
                DROP TRIGGER IF EXISTS files_counted;
                DELETE FROM late_indexes WHERE sql LIKE 'CREATE TRIGGER%';
                """);
            migrationBuilder.Sql(CatalogSchema.Triggers);
            migrationBuilder.Sql("""
                INSERT INTO facet_counts
                SELECT 7, media_type || '|' || coalesce(year, '') || '|' || coalesce(best_resolution, '') || '|' || coalesce(best_codec, '') || '|' || holding_id, count(*)
                FROM media_items WHERE is_work = 1 AND id <= (SELECT items FROM catalogue_marks) GROUP BY 2;
                """);

            migrationBuilder.CreateIndex(
                name: "idx_media_rating_desc",
                table: "media_items",
                columns: new[] { "rating", "media_type", "year", "best_resolution", "best_codec", "holding_id", "first_seen_at", "updated_at", "sort_title" },
                descending: new[] { true, false, false, false, false, false, false, false, false },
                filter: "is_work = 1 AND rating IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "idx_media_type_year",
                table: "media_items",
                columns: new[] { "media_type", "year", "best_resolution", "best_codec", "holding_id", "rating", "first_seen_at", "updated_at", "sort_title" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_media_updated_desc",
                table: "media_items",
                columns: new[] { "updated_at", "id" },
                descending: new bool[0],
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_added",
                table: "media_items",
                columns: new[] { "media_type", "first_seen_at" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_rating",
                table: "media_items",
                columns: new[] { "media_type", "rating" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_title",
                table: "media_items",
                columns: new[] { "media_type", "sort_title" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_updated",
                table: "media_items",
                columns: new[] { "media_type", "updated_at" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_year",
                table: "media_items",
                columns: new[] { "media_type", "year" },
                filter: "is_work = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "idx_media_rating_desc",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_media_type_year",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_media_updated_desc",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_work_added",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_work_rating",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_work_title",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_work_updated",
                table: "media_items");

            migrationBuilder.DropIndex(
                name: "idx_work_year",
                table: "media_items");

            migrationBuilder.CreateIndex(
                name: "idx_media_rating_desc",
                table: "media_items",
                column: "rating",
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "idx_media_type_year",
                table: "media_items",
                columns: new[] { "media_type", "year" });

            migrationBuilder.CreateIndex(
                name: "idx_media_updated_desc",
                table: "media_items",
                column: "updated_at",
                descending: new bool[0]);

            migrationBuilder.CreateIndex(
                name: "idx_work_added",
                table: "media_items",
                columns: new[] { "first_seen_at", "id" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_rating",
                table: "media_items",
                columns: new[] { "rating", "id" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_title",
                table: "media_items",
                columns: new[] { "sort_title", "id" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_updated",
                table: "media_items",
                columns: new[] { "updated_at", "id" },
                filter: "is_work = 1");

            migrationBuilder.CreateIndex(
                name: "idx_work_year",
                table: "media_items",
                columns: new[] { "year", "id" },
                filter: "is_work = 1");
        }
    }
}
