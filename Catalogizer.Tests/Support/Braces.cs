namespace Catalogizer.Tests.Support;

/// <summary>Expands "a/{b,c/{d,e}}" as a shell does.</summary>
internal static class Braces
{
    public static IEnumerable<string> Expand(string pattern)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return [pattern];
        }

        var (alternatives, close) = SplitGroup(pattern, open);
        return alternatives.SelectMany(alternative => Expand(pattern[..open] + alternative + pattern[(close + 1)..]));
    }

    private static (List<string> Alternatives, int Close) SplitGroup(string pattern, int open)
    {
        var (alternatives, depth, start) = (new List<string>(), 0, open + 1);
        for (var i = open; i < pattern.Length; i++)
        {
            depth += pattern[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 || (depth == 1 && pattern[i] == ','))
            {
                alternatives.Add(pattern[start..i]);
                start = i + 1;
            }

            if (depth == 0)
            {
                return (alternatives, i);
            }
        }

        throw new FormatException(pattern);
    }
}
