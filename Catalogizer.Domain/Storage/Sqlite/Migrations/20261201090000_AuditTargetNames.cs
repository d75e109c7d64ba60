using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Catalogizer.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AuditTargetNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "target_name",
                table: "audit_logs",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "target_name",
                table: "audit_logs");
        }
    }
}
