namespace Catalogizer.Web.Components.Sources;

/// <summary>Names the machine whose folders a picker shows. In a container these are the container's own; no others can be read.</summary>
internal static class HostLabels
{
    private static readonly bool IsContainer = Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1";

    public static string Host => IsContainer ? "the container Catalogizer runs in" : "the machine Catalogizer runs on";

    public static string FolderHint => IsContainer
        ? "A folder inside the container. What is to be seen there is mounted into it when it is started, for instance with -v /mnt/media:/media:ro."
        : "A folder on the machine Catalogizer runs on; a mounted disk is one too.";
}
