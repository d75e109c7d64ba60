using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Further episode numbers after the first: E01E02, E01-E03, 1x03 - x04, 03-04-05.</summary>
internal static class EpisodeSequence
{
    private const int MaxRange = 400;

    /// <summary>Continues after <paramref name="last"/> and sets it to the last word of the sequence.</summary>
    public static void Continue(ParsedName parsed, int? season, List<int> episodes, ref int last)
    {
        var name = parsed.Name;
        var ranged = false;
        while (last + 1 < name.Count && parsed.IsFree(last + 1))
        {
            var next = last + 1;
            var before = name[next].SeparatorBefore;
            if (TryAddTaggedNumbers(name.Word(next), season, episodes))
            {
                ranged |= (before & Separator.Dash) != 0;
                last = next;
            }
            else if (name.Word(next) is "to" or "and" && next + 1 < name.Count
                && (TryAddTaggedNumbers(name.Word(next + 1), season, episodes) || (name.Is(next, "to") && TryAddNumber(name, next + 1, episodes, Separator.Dash))))
            {
                ranged |= name.Is(next, "to");
                last = next + 1;
            }
            else if (TryAddNumber(name, next, episodes, before) || TryAddSpacedNumber(name, next, episodes))
            {
                ranged |= (before & (Separator.Dash | Separator.Other)) != 0;
                last = next;
            }
            else
            {
                break;
            }
        }

        if (ranged && episodes.Count == 2)
        {
            FillRange(episodes);
        }
    }

    /// <summary>Expands a list to all numbers from its first to its last, unless they are more than <see cref="MaxRange"/> apart.</summary>
    public static void FillRange(List<int> numbers)
    {
        var (first, last) = (numbers[0], numbers[^1]);
        if (last > first && last - first <= MaxRange)
        {
            numbers.Clear();
            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }
    }

    // e02, ep02, x02, s01e02 and 1x02 of the same season
    private static bool TryAddTaggedNumbers(ReadOnlySpan<char> word, int? season, List<int> episodes)
    {
        var digits = new DigitScanner(word);
        if (word.Length < 2)
        {
            return false;
        }

        if (digits.TrySkip('s') ? !digits.TryRead(4, out var same) || same != season : digits.Rest[0] is >= '0' and <= '9' && (!digits.TryRead(4, out same) || same != season || digits.IsAtEnd))
        {
            return false;
        }

        var count = episodes.Count;
        while (!digits.IsAtEnd)
        {
            if (!(digits.TrySkip("ep") || digits.TrySkip('e') || digits.TrySkip('x')) || !digits.TryRead(5, out var episode))
            {
                break;
            }

            episodes.Add(episode);
        }

        if (digits.IsAtEndOrSuffix && episodes.Count > count)
        {
            return true;
        }

        episodes.RemoveRange(count, episodes.Count - count);
        return false;
    }

    // "01 ~ 26", and "(01 - 26)" when both numbers are in one bracket that ends after them.
    private static bool TryAddSpacedNumber(TokenizedName name, int index, List<int> episodes)
    {
        var number = name.Number(index);
        var before = name[index].SeparatorBefore;
        var tilde = (before & Separator.Other) != 0 && name.Text.AsSpan(name[index - 1].End, name[index].Start - name[index - 1].End).IndexOfAny('~', '～') >= 0;
        var bracketed = name[index].IsAfterSpacedDash && name[index].BracketGroup != 0 && name[index - 1].BracketGroup == name[index].BracketGroup && (name.SeparatorAfter(index) & Separator.Close) != 0;
        var fits = (tilde || bracketed) && number > episodes[^1] && number - episodes[^1] <= MaxRange && name[index].Length <= 4;
        if (fits)
        {
            episodes.Add(number);
        }

        return fits;
    }

    private static bool TryAddNumber(TokenizedName name, int index, List<int> episodes, Separator before)
    {
        var number = name.Number(index);
        var last = episodes[^1];
        if (number <= last || name[index].Length > 5 || number - last > MaxRange)
        {
            return false;
        }

        var isNext = number == last + 1;
        var fits = before switch
        {
            Separator.Dash => isNext || number is not (360 or 480 or 540 or 576 or 720 or 1080),
            Separator.Plus or (Separator.Plus | Separator.Space) or Separator.Comma => isNext,
            Separator.Underscore => isNext && name[index].Length == 2,
            _ => false,
        };
        if (fits)
        {
            episodes.Add(number);
        }

        return fits;
    }
}
