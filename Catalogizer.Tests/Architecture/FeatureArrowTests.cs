using System.Globalization;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Catalogizer.Domain;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

/// <summary>Which feature of the Domain may use which. Features are its folders.</summary>
public class FeatureArrowTests
{
    private const string Root = "Catalogizer.Domain";

    private static readonly string[] Features = ["Storage", "Events", "Auditing", "Sources", "Library", "Detection", "Operations"];

    /// <summary>What each feature may use beside Common and Catalog.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Common"] = [],
        ["Catalog"] = [],
        ["Storage"] = [],
        ["Events"] = [],
        ["Caching"] = ["Storage", "Events", "Operations"],
        ["Auditing"] = ["Storage", "Events"],
        ["Accounts"] = ["Storage", "Events", "Auditing", "Operations"],
        ["Detection"] = [],
        ["Sources"] = ["Storage", "Events", "Auditing", "Operations"],
        ["Library"] = ["Storage", "Events", "Auditing", "Detection", "Sources"],
        ["Scanning"] = Features,
        ["Quality"] = Features,
        ["Metadata"] = [.. Features, "Quality", "Caching"],
        ["Duplicates"] = Features,
        ["Analytics"] = Features,
        ["Operations"] = ["Storage", "Events", "Auditing"],
    };

    /// <summary>The uses that are still to go, each with its number of pairs of types, which must match: a change of it is seen in review.</summary>
    private const string Baseline = "Catalogizer.Tests/Architecture/feature-arrows.txt";

    [Fact]
    public void Features_UseOnlyWhatTheyMay()
    {
        var expected = File.ReadLines(RepositoryRoot.PathOf(Baseline))
            .Select(line => line.Split(' '))
            .ToDictionary(words => $"{words[0]} -> {words[2]}", words => int.Parse(words[3], CultureInfo.InvariantCulture));
        var found = FindUses().Where(use => !IsAllowed(use.From, use.To)).GroupBy(use => $"{use.From} -> {use.To}").ToDictionary(arrow => arrow.Key, arrow => arrow.ToList());

        var wrong = found.Keys.Union(expected.Keys)
            .Where(arrow => (found.GetValueOrDefault(arrow)?.Count ?? 0) != expected.GetValueOrDefault(arrow))
            .Order(StringComparer.Ordinal)
            .Select(arrow => $"{arrow}: {found.GetValueOrDefault(arrow)?.Count ?? 0} uses, {Baseline} has {expected.GetValueOrDefault(arrow)}"
                + string.Concat(found.GetValueOrDefault(arrow, []).Select(use => $"{Environment.NewLine}    {use.Type} uses {use.Target}")))
            .ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Chart_OfTheArchitecture_HasTheSameArrows()
    {
        var chart = File.ReadAllText(RepositoryRoot.PathOf("docs/architecture.md")).Split("```mermaid")[1].Split("```")[0];

        Assert.Equal(
            Allowed.SelectMany(feature => feature.Value, (feature, target) => $"{feature.Key} --> {target}").Order(StringComparer.Ordinal),
            chart.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("-->", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static bool IsAllowed(string from, string to) => to switch
    {
        "Common" => true,
        "Catalog" => from != "Common",
        _ => Allowed.TryGetValue(from, out var allowed) && allowed.Contains(to),
    };

    /// <summary>Every pair of types of two features of which one uses the other, method bodies included.</summary>
    private static IEnumerable<(string From, string To, string Type, string Target)> FindUses()
    {
        var architecture = new ArchLoader().LoadAssembly(typeof(DomainRegistration).Assembly).Build();
        return architecture.Types
            .Where(type => FeatureOf(type) is not null)
            .SelectMany(type => type.Dependencies.Select(dependency => (Type: type, dependency.Target)))
            .Where(use => FeatureOf(use.Target) is { } feature && feature != FeatureOf(use.Type))
            .Select(use => (FeatureOf(use.Type)!, FeatureOf(use.Target)!, Outermost(use.Type), Outermost(use.Target)))
            .Distinct();
    }

    /// <summary>The feature of a type; null for what is no part of one: registration, migrations and generated code.</summary>
    private static string? FeatureOf(IType type)
    {
        var space = type.Namespace?.FullName ?? "";
        if (!space.StartsWith($"{Root}.", StringComparison.Ordinal) || space.Contains(".Migrations", StringComparison.Ordinal))
        {
            return null;
        }

        return space.Split('.')[2];
    }

    private static string Outermost(IType type) => type.FullName.Split('+')[0];
}
