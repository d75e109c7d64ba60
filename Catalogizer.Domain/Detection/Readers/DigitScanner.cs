namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Scans one lower-case word from left to right: letters, then digits, then letters.</summary>
internal ref struct DigitScanner(ReadOnlySpan<char> word)
{
    private ReadOnlySpan<char> _rest = word;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<char> Rest => _rest;

    public bool TrySkip(char letter)
    {
        if (_rest.IsEmpty || _rest[0] != letter)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    public bool TrySkip(string letters)
    {
        if (!_rest.StartsWith(letters))
        {
            return false;
        }

        _rest = _rest[letters.Length..];
        return true;
    }

    /// <summary>Reads at least one and at most <paramref name="max"/> digits; fails when there are more.</summary>
    public bool TryRead(int max, out int number)
    {
        var count = 0;
        number = 0;
        while (count < _rest.Length && _rest[count] is >= '0' and <= '9')
        {
            if (count < max)
            {
                number = number * 10 + (_rest[count] - '0');
            }

            count++;
        }

        if (count == 0 || count > max)
        {
            return false;
        }

        _rest = _rest[count..];
        return true;
    }

    /// <summary>Whether the rest is a valid suffix of an episode number: nothing, a version "v2", or one letter.</summary>
    public readonly bool IsAtEndOrSuffix => _rest.Length <= 1 ? _rest.IsEmpty || _rest[0] is 'a' or 'b' or 'c' : _rest[0] == 'v' && _rest.Length == 2;
}
