namespace Catalogizer.Domain.Detection.Types;

/// <summary>Normalises volume and chapter numbers: "001" becomes "1", "03.50" becomes "3.5", "01-05" becomes "1-5".</summary>
internal static class IssueNumbers
{
    public static string Normalize(ReadOnlySpan<char> number)
    {
        var dash = number.IndexOf('-');
        return dash > 0
            ? $"{NormalizeSingle(number[..dash])}-{NormalizeSingle(number[(dash + 1)..])}"
            : NormalizeSingle(number);
    }

    private static string NormalizeSingle(ReadOnlySpan<char> number)
    {
        number = number.Trim(" ._");
        var dot = number.IndexOf('.');
        var whole = (dot < 0 ? number : number[..dot]).TrimStart('0');
        var part = dot < 0 ? [] : number[(dot + 1)..].TrimEnd('0');
        var head = whole.IsEmpty ? "0" : whole.ToString();
        return part.IsEmpty ? head : $"{head}.{part}";
    }
}
