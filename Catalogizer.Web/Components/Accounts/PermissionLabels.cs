using Catalogizer.Domain.Catalog;

namespace Catalogizer.Web.Components.Accounts;

/// <summary>What each permission allows, as shown to users.</summary>
internal static class PermissionLabels
{
    public static string For(string permission) => permission switch
    {
        Permission.MediaView => "Browse, search and play",
        Permission.MediaEdit => "Correct what the catalogue says",
        Permission.SourcesView => "See the sources and their folders",
        Permission.SourcesPaths => "See where sources are: folders, servers and shares",
        Permission.SourcesManage => "Add, scan and change sources",
        Permission.JobsManage => "Run, pause and plan jobs",
        Permission.UsersManage => "Invite people and say what they may do",
        Permission.SystemView => "Read the audit log, errors and measures",
        Permission.MetadataManage => "Say which metadata providers are asked, and set their keys",
        _ => "",
    };
}
