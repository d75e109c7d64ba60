using System.Collections.Frozen;
using System.IO.Compression;

namespace Catalogizer.Domain.Accounts.Passwords;

/// <summary>
/// Detects passwords that are among the first to be guessed (NIST SP 800-63B, 3.1.1.2): common ones, common words with digits or symbols at
/// either end, names, repeated characters, keys in a row.
/// </summary>
internal static class CommonPasswords
{
    /// <summary>
    /// Lower case: the 12,000 most common passwords of ten or more characters, and 12,000 common ones of four to nine letters, taken from the
    /// 10-million-password-list of the OWASP SecLists project (github.com/danielmiessler/SecLists, MIT license).
    /// </summary>
    private const string ResourceName = "common-passwords.txt.gz";

    private const int MinNameLength = 3;
    private const int MaxAffixLength = 8;
    private const int MinSequenceLength = 3;

    /// <summary>Neighbours in the alphabet, among the digits and on keyboards, in both directions.</summary>
    private static readonly string[] KeySequences =
    [
        .. ((string[])
        [
            "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()",
        ]).SelectMany(sequence => (string[])[sequence, new string([.. sequence.Reverse()])]),
    ];

    private static readonly Lazy<FrozenSet<string>> Entries = new(Load);

    /// <summary>Whether a password is easy to guess for an account with this user name.</summary>
    public static bool IsGuessable(string password, string? userName)
    {
        var plain = password.Trim().ToLowerInvariant();
        return plain.Distinct().Count() <= 2 || IsCommon(plain) || IsRepeated(plain) || IsMadeOfNames(plain, userName) || IsKeySequence(plain);
    }

    /// <summary>Whether it is a listed password, with or without digits and symbols at its ends.</summary>
    private static bool IsCommon(string plain)
    {
        var characters = plain.ToCharArray();
        var first = Math.Max(0, Array.FindIndex(characters, char.IsLetter));
        var last = Array.FindLastIndex(characters, char.IsLetter);
        for (var start = 0; start <= first; start++)
        {
            for (var end = plain.Length; end > Math.Max(last, start); end--)
            {
                var core = plain[start..end];
                if (plain.Length - core.Length <= MaxAffixLength && (Entries.Value.Contains(core) || Entries.Value.Contains(ReplaceLookalikes(core))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Replaces digits and symbols with the letters they resemble.</summary>
    private static string ReplaceLookalikes(string word) => string.Create(word.Length, word, (result, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            result[i] = source[i] switch { '@' or '4' => 'a', '0' => 'o', '3' => 'e', '1' or '!' => 'i', '$' or '5' => 's', '7' => 't', var character => character };
        }
    });

    private static bool IsRepeated(string plain)
    {
        for (var length = 1; length <= plain.Length / 2; length++)
        {
            if (plain.Length % length == 0 && plain == string.Concat(Enumerable.Repeat(plain[..length], plain.Length / length)))
            {
                return length < AccountRules.MinPasswordLength;
            }
        }

        return false;
    }

    private static bool IsMadeOfNames(string plain, string? userName)
    {
        var rest = plain;
        foreach (var name in ((string[])["catalogizer", .. (userName ?? "").ToLowerInvariant().Split(['-', '.', '_', '@', '+'], StringSplitOptions.RemoveEmptyEntries), userName?.ToLowerInvariant() ?? ""])
            .Where(name => name.Length >= MinNameLength).OrderByDescending(name => name.Length))
        {
            rest = rest.Replace(name, "", StringComparison.Ordinal);
        }

        return rest != plain && rest.Count(char.IsLetter) < 4;
    }

    private static bool IsKeySequence(string plain)
    {
        for (var at = 0; at < plain.Length;)
        {
            var longest = KeySequences.Max(sequence => MatchLength(plain.AsSpan(at), sequence));
            if (longest < MinSequenceLength)
            {
                return false;
            }

            at += longest;
        }

        return true;
    }

    /// <summary>The length of the longest beginning of <paramref name="text"/> that occurs in <paramref name="sequence"/>.</summary>
    private static int MatchLength(ReadOnlySpan<char> text, string sequence)
    {
        var longest = 0;
        for (var start = sequence.IndexOf(text[0], StringComparison.Ordinal); start >= 0; start = sequence.IndexOf(text[0], start + 1))
        {
            longest = Math.Max(longest, text.CommonPrefixLength(sequence.AsSpan(start)));
        }

        return longest;
    }

    private static FrozenSet<string> Load()
    {
        using var packed = typeof(CommonPasswords).Assembly.GetManifestResourceStream(ResourceName)!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
