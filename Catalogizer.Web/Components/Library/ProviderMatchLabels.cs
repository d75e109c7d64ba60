using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Web.Components.Library;

/// <summary>What an item's page says about metadata providers: what they know about it, or why they cannot be queried.</summary>
internal static class ProviderMatchLabels
{
    public static string Describe(ItemMetadata metadata, MediaKind kind)
    {
        if (IsNotLookedUp(metadata) && kind is (MediaKind.Season or MediaKind.Episode or MediaKind.Track))
        {
            return $"Looked up with the {(kind == MediaKind.Track ? "album" : "series")} that it is part of.";
        }

        var matchText = DescribeMatch(metadata);
        var problem = DescribeProblem(metadata);
        return problem is null ? matchText : $"{matchText} {problem}";
    }

    /// <summary>Result of a metadata refresh once the providers have answered.</summary>
    public static string AfterRefresh(ItemMetadata metadata) => metadata.Match?.State switch
    {
        MatchState.Automatic or MatchState.Pinned => $"{metadata.Provider?.Title} was asked again just now.",
        MatchState.Doubtful => "The providers were asked again. Choose the right record below.",
        _ => "The providers were asked again and found nothing like it.",
    };

    private static bool IsNotLookedUp(ItemMetadata metadata) => metadata.Match is null or { State: MatchState.None, IsAsked: false };

    private static string DescribeMatch(ItemMetadata metadata) => metadata.Match switch
    {
        _ when IsNotLookedUp(metadata) =>
            metadata.Providers.Count == 0 ? "No metadata provider knows items of this type."
            : !metadata.CanLookUp ? "Not looked up: no metadata provider for items of this type is on."
            : "Not looked up yet.",
        { State: MatchState.Pinned } match => $"Record {match.ExternalId} of {metadata.Provider?.Title}, chosen by a person; it stays.",
        { State: MatchState.Automatic } match => $"Record {match.ExternalId} of {metadata.Provider?.Title}, {match.Confidence.ToString("P0", CultureInfo.InvariantCulture)} sure: {match.Reasons}.",
        { State: MatchState.Doubtful } => "Some records may be this work; none is sure enough to be taken by itself.",
        { State: MatchState.LeftAlone } => "A person wants no record for it.",
        _ => "No record like it was found.",
    };

    /// <summary>Why no provider can be queried: the matched one, else the enabled ones, else all of them. Null when there is no problem.</summary>
    private static string? DescribeProblem(ItemMetadata metadata)
    {
        var matched = metadata.Match is { State: MatchState.Automatic or MatchState.Pinned } ? metadata.Providers.Where(p => p.Name == metadata.Match.Provider).ToList() : [];
        var providers = matched.Count > 0 ? matched : metadata.CanLookUp ? [.. metadata.Providers.Where(p => p.IsEnabled)] : metadata.Providers;
        return providers.Count == 0 || providers.Any(p => p.Problem is null) ? null : string.Join(" ", providers.Select(p => p.Problem));
    }
}
