using System.CommandLine;

namespace Catalogizer.Web.Commands;

internal static class Arguments
{
    /// <summary>Refuses what looks like an option that the verb does not know, so that a slip of the pen is never taken for a file or a folder.</summary>
    public static Argument<T> ThatIsNoOption<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.Length > 1 && token.Value.StartsWith('-')) is { } token)
            {
                result.AddError($"“{token.Value}” is no option of this verb. Write ./{token.Value} for something of that name.");
            }
        });
        return argument;
    }
}
