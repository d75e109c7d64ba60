using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Ui;

/// <summary>
/// Icons that are the same on every page, created once: on pages with many of them, one component each would cost a circuit more than the
/// icons themselves.
/// </summary>
internal static class Icons
{
    private static readonly ConcurrentDictionary<string, MarkupString> IconMarkup = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(Presence Presence, bool Quiet), MarkupString> PresenceMarkup = new();
    private static string _spritePath = "assets/icons/icons.svg";

    /// <summary>Sets the URL of the sprite; must be called before the first rendering.</summary>
    public static void UseSprite(string sprite) => _spritePath = sprite;

    /// <summary>Markup of a symbol in icons.svg.</summary>
    public static MarkupString For(string name) => IconMarkup.GetOrAdd(
        name, static name => new MarkupString($"""<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20"><use href="{_spritePath}#{name}"></use></svg>"""));

    /// <summary>Markup of a <see cref="PresenceMark"/>.</summary>
    /// <param name="quiet">Shows the usual case as an icon only; its label stays for screen readers.</param>
    /// <param name="absence">Why it is not available, for the tooltip.</param>
    public static MarkupString For(Presence presence, bool quiet = false, Absence? absence = null) => absence is not null ? new MarkupString(RenderPresence(presence, false, absence.Describe())) : PresenceMarkup.GetOrAdd(
        (presence, quiet), static mark => new MarkupString(RenderPresence(mark.Presence, mark is { Quiet: true, Presence: Presence.Present }, mark.Presence.Hint())));

    private static string RenderPresence(Presence presence, bool isIcon, string hint) =>
        $"""<span class="presence presence-{presence.ToApiName()}" title="{HtmlEncoder.Default.Encode(hint)}">{For(presence.Icon()).Value}<span{(isIcon ? " class=\"sr-only\"" : "")}>{presence.Label()}</span></span>""";
}
