using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Catalogizer.Domain.Media;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Drawings that are the same on every page, made once: where there are many of them, a component each would cost a circuit more than what is drawn.</summary>
internal static class Icons
{
    private static readonly ConcurrentDictionary<string, MarkupString> IconMarkup = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(Presence Presence, bool Quiet), MarkupString> PresenceMarkup = new();
    private static string _spritePath = "assets/icons/icons.svg";

    /// <summary>Says where the sprite lies, before anything is drawn.</summary>
    public static void UseSprite(string sprite) => _spritePath = sprite;

    /// <summary>A symbol of icons.svg.</summary>
    public static MarkupString For(string name) => IconMarkup.GetOrAdd(
        name, static name => new MarkupString($"""<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20"><use href="{_spritePath}#{name}"></use></svg>"""));

    /// <summary>The mark of <see cref="PresenceMark"/>.</summary>
    /// <param name="quiet">The usual case is only the icon; its word stays for screen readers.</param>
    /// <param name="absence">Why it cannot be had now, for the hint.</param>
    public static MarkupString For(Presence presence, bool quiet = false, Absence? absence = null) => absence is not null ? new MarkupString(RenderPresence(presence, false, absence.Describe())) : PresenceMarkup.GetOrAdd(
        (presence, quiet), static mark => new MarkupString(RenderPresence(mark.Presence, mark is { Quiet: true, Presence: Presence.Present }, mark.Presence.Hint())));

    private static string RenderPresence(Presence presence, bool isIcon, string hint) =>
        $"""<span class="presence presence-{presence.ToApiName()}" title="{HtmlEncoder.Default.Encode(hint)}">{For(presence.Icon()).Value}<span{(isIcon ? " class=\"sr-only\"" : "")}>{presence.Label()}</span></span>""";
}
