using System.CommandLine;

namespace Catalogizer.Web.Commands;

internal static class ArgumentExtensions
{
    /// <summary>
    /// Rejects an empty value, such as an unset variable of a script, and what looks like an option: a typing error is never taken for a
    /// file or a folder.
    /// </summary>
    public static Argument<T> ValidatePath<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{argument.Name} is empty.");
            }
            else if (result.Tokens.FirstOrDefault(token => token.Value.Length > 1 && token.Value.StartsWith('-')) is { } token)
            {
                result.AddError($"“{token.Value}” is no option of this verb. Write ./{token.Value} for something of that name.");
            }
        });
        return argument;
    }
}
