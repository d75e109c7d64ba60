using System.CommandLine;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Spectre.Console;

namespace Catalogizer.Web.Commands;

/// <summary><c>user add NAME --role ROLE</c>: creates an account. The password is never an argument, which every process could read.</summary>
internal static class UserCommand
{
    private const string PasswordVariable = "CATALOGIZER_PASSWORD";

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The user name." };
        var role = new Option<string>("--role") { Description = "admin, editor or viewer.", Required = true };
        role.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. Enum.GetValues<Role>().Select(AccountClaims.ToApiName)]);
        var fromInput = new Option<bool>("--password-stdin")
        {
            Description = $"Reads the password from standard input; otherwise it comes from {PasswordVariable}, or is asked for at the terminal.",
        };

        var add = new Command("add", "Makes an account.") { name, role, fromInput };
        add.SetAction((parsed, cancellation) =>
            AddAsync(parsed.GetValue(name)!, Enum.Parse<Role>(parsed.GetValue(role)!, ignoreCase: true), parsed.GetValue(fromInput), cancellation));
        return new Command("user", "Works with accounts.") { add };
    }

    private static async Task<int> AddAsync(string name, Role role, bool fromInput, CancellationToken cancellation)
    {
        await using var host = await CommandHost.OpenAsync();
        var password = await ReadPasswordAsync(fromInput, cancellation);
        var added = await host.GetRequired<UserService>().AddAsync(Actor.System, name, password, role, cancellation);
        if (added.Error is { } error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }

        await Console.Out.WriteLineAsync($"The account '{added.Value.Username}' was made; its role is {AccountClaims.ToApiName(role)}.");
        return 0;
    }

    private static async Task<string?> ReadPasswordAsync(bool fromInput, CancellationToken cancellation)
    {
        if (fromInput)
        {
            return await Console.In.ReadLineAsync(cancellation);
        }

        if (Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } given)
        {
            return given;
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw new StartupException($"There is no terminal to ask for the password: pipe it in with --password-stdin, or set {PasswordVariable}.");
        }

        var password = await CreateSecretPrompt("Password:").ShowAsync(AnsiConsole.Console, cancellation);
        var repeated = await CreateSecretPrompt("The same again:").ShowAsync(AnsiConsole.Console, cancellation);
        return password == repeated ? password : throw new StartupException("The two passwords are not the same.");
    }

    private static TextPrompt<string> CreateSecretPrompt(string question) => new TextPrompt<string>(question).Secret(null);
}
