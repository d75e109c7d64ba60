namespace Catalogizer.Domain.Catalog;

/// <summary>The roles that a user can have; each grants a set of permissions.</summary>
public enum Role
{
    Viewer = 0,
    Editor = 1,
    Admin = 2,
}

/// <summary>The permissions, by their names in claims and policies.</summary>
public static class Permission
{
    public const string MediaView = "media.view";
    public const string MediaEdit = "media.edit";
    public const string SourcesView = "sources.view";
    public const string SourcesPaths = "sources.paths";
    public const string SourcesManage = "sources.manage";
    public const string JobsManage = "jobs.manage";
    public const string UsersManage = "users.manage";
    public const string SystemView = "system.view";
    public const string MetadataManage = "metadata.manage";

    public static IReadOnlyList<string> All { get; } =
        [MediaView, MediaEdit, SourcesView, SourcesPaths, SourcesManage, JobsManage, UsersManage, SystemView, MetadataManage];

    private static readonly string[] ViewerGrants = [MediaView, SourcesView];
    private static readonly string[] EditorGrants = [MediaView, SourcesView, SourcesPaths, MediaEdit];

    /// <summary>The permissions of a role.</summary>
    public static IReadOnlyList<string> For(Role role) => role switch
    {
        Role.Admin => All,
        Role.Editor => EditorGrants,
        _ => ViewerGrants,
    };
}
