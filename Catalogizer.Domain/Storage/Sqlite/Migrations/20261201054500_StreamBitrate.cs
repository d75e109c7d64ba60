using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class StreamBitrate : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "has_stream_bitrate",
                table: "media_versions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "has_stream_bitrate",
                table: "media_versions");
        }
    }
}
