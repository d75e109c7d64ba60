namespace Catalogizer.Domain.Detection.Terms;

/// <summary>
/// Collects the terms of all families. A space in a spelling also matches any other separator or none: "web dl" is WEB-DL, WEB.DL and WEBDL.
/// </summary>
internal sealed class TermTable
{
    public Dictionary<string, Term> Terms { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds words, separated by '|', that all have the same meaning.</summary>
    public TermTable Add(TermKind kind, string value, TermStrength strength, string words)
    {
        var term = new Term(kind, value, strength);
        foreach (var word in words.Split('|'))
        {
            AddSpellings(word, term);
        }

        return this;
    }

    public void AddSpellings(string word, Term term)
    {
        var parts = word.Split(' ');
        for (var joints = 0; joints < 1 << (parts.Length - 1); joints++)
        {
            var spelling = parts[0];
            for (var i = 1; i < parts.Length; i++)
            {
                spelling += ((joints >> (i - 1)) & 1) == 0 ? " " + parts[i] : parts[i];
            }

            Terms.TryAdd(spelling, term);
        }
    }
}
