using Catalogizer.Domain.Catalog;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Display texts for presence.</summary>
internal static class PresenceLabels
{
    public static string Label(this Presence presence) => presence switch
    {
        Presence.Present => "Available",
        Presence.Unknown => "Offline",
        Presence.Missing => "Missing",
        _ => "Archived",
    };

    public static string Hint(this Presence presence) => presence switch
    {
        Presence.Present => "It was there at the last look, and its source answers.",
        Presence.Unknown => "Its source or its folder cannot be read right now.",
        Presence.Missing => "Its folder was read completely, and it was not in it.",
        _ => "Archived: hidden unless asked for, and kept with everything that belongs to it.",
    };

    public static string Icon(this Presence presence) => presence switch
    {
        Presence.Present => "present",
        Presence.Unknown => "question",
        Presence.Missing => "missing",
        _ => "archive",
    };
}
