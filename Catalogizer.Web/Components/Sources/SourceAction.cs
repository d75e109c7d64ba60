namespace Catalogizer.Web.Components.Sources;

/// <summary>What can be done with a source as a whole.</summary>
public enum SourceAction
{
    Pause,
    Resume,
    Archive,
    BringBack,
    Remove,
}
