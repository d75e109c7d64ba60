using System.Globalization;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Web.Components.Library;

/// <summary>What an item's page says of metadata providers: what they know of it, or why they cannot be asked.</summary>
internal static class ProviderSentences
{
    public static string Of(ItemMetadata known, MediaKind kind)
    {
        if (IsOpen(known) && kind is (MediaKind.Season or MediaKind.Episode or MediaKind.Track))
        {
            return $"Looked up with the {(kind == MediaKind.Track ? "album" : "series")} that it is part of.";
        }

        var found = Found(known);
        var trouble = Trouble(known);
        return trouble is null ? found : $"{found} {trouble}";
    }

    /// <summary>What became of asking again, once the providers answered.</summary>
    public static string AfterAsking(ItemMetadata known) => known.Match?.State switch
    {
        MatchState.Automatic or MatchState.Pinned => $"{known.Provider?.Title} was asked again just now.",
        MatchState.Doubtful => "The providers were asked again. Choose the right record below.",
        _ => "The providers were asked again and found nothing like it.",
    };

    private static bool IsOpen(ItemMetadata known) => known.Match is null or { State: MatchState.None, IsAsked: false };

    private static string Found(ItemMetadata known) => known.Match switch
    {
        _ when IsOpen(known) =>
            known.Providers.Count == 0 ? "No metadata provider knows items of this type."
            : !known.CanLookUp ? "Not looked up: no metadata provider for items of this type is on."
            : "Not looked up yet.",
        { State: MatchState.Pinned } match => $"Record {match.ExternalId} of {known.Provider?.Title}, chosen by a person; it stays.",
        { State: MatchState.Automatic } match => $"Record {match.ExternalId} of {known.Provider?.Title}, {match.Confidence.ToString("P0", CultureInfo.InvariantCulture)} sure: {match.Reasons}.",
        { State: MatchState.Doubtful } => "Some records may be this work; none is sure enough to be taken by itself.",
        { State: MatchState.LeftAlone } => "A person wants no record for it.",
        _ => "No record like it was found.",
    };

    /// <summary>Why nobody can be asked: of the provider whose record the item has, else of those that are on, else of all.</summary>
    private static string? Trouble(ItemMetadata known)
    {
        var tied = known.Match is { State: MatchState.Automatic or MatchState.Pinned } ? known.Providers.Where(p => p.Name == known.Match.Provider).ToList() : [];
        var asked = tied.Count > 0 ? tied : known.CanLookUp ? [.. known.Providers.Where(p => p.IsEnabled)] : known.Providers;
        return asked.Count == 0 || asked.Any(p => p.Problem is null) ? null : string.Join(" ", asked.Select(p => p.Problem));
    }
}
