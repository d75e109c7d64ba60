using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Catalogizer.Domain.Accounts;

/// <summary>Codes of six digits that change every 30 seconds (RFC 6238, HMAC-SHA1), as authenticator apps generate them.</summary>
internal static class TotpCode
{
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    public static byte[] GenerateSecret() => RandomNumberGenerator.GetBytes(20);

    /// <summary>The secret in the form that authenticator apps accept.</summary>
    public static string ToBase32(byte[] secret)
    {
        var characters = new char[(secret.Length * 8 + 4) / 5];
        for (var index = 0; index < characters.Length; index++)
        {
            var bits = 0;
            for (var bit = index * 5; bit < index * 5 + 5; bit++)
            {
                bits = bits << 1 | (bit / 8 < secret.Length ? secret[bit / 8] >> (7 - bit % 8) & 1 : 0);
            }

            characters[index] = Base32Alphabet[bits];
        }

        return new string(characters);
    }

    public static string Generate(byte[] secret, long step)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // Required by the standard and used by every app; its security does not depend on collision resistance.
        HMACSHA1.HashData(secret, message, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The step of a code: the current, previous or next one, if it is later than <paramref name="lastUsed"/>. Null if there is none.</summary>
    public static long? FindStep(byte[] secret, string code, long lastUsed, DateTimeOffset now)
    {
        var current = StepAt(now);
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
        {
            if (step > lastUsed && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Generate(secret, step)), System.Text.Encoding.UTF8.GetBytes(code)))
            {
                found = step;
            }
        }

        return found;
    }
}
