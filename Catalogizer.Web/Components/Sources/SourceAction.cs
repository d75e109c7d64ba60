namespace Catalogizer.Web.Components.Sources;

/// <summary>Actions on a whole source.</summary>
public enum SourceAction
{
    Pause,
    Resume,
    Archive,
    BringBack,
    Remove,
}
