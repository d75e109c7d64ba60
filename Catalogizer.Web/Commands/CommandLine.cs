using System.CommandLine;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Hosting;

namespace Catalogizer.Web.Commands;

/// <summary>The commands of the application. Exit codes: 0 success, 1 failure with a message on standard error, 2 wrong usage.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, parsed.Errors.Select(e => e.Message)));
            await Console.Error.WriteLineAsync("Try --help.");
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StartupException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            await Console.Error.WriteLineAsync(StorageErrors.Describe(exception));
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    internal static RootCommand Create()
    {
        var root = new RootCommand("One catalogue of everything you own, wherever it lies. Without a verb it serves the web app; ./run --demo serves a demo library that it makes on the spot.");
        var serve = new Command("serve", "Serves the web app (the default).");
        serve.SetAction((_, cancellation) => ServeAsync(cancellation));
        root.SetAction((_, cancellation) => ServeAsync(cancellation));
        root.Add(serve);
        root.Add(DetectCommand.Create());
        root.Add(ScanCommand.Create());
        root.Add(RedetectCommand.Create());
        root.Add(DoctorCommand.Create());
        root.Add(UserCommand.Create());
        root.Add(BackupCommands.CreateBackup());
        root.Add(BackupCommands.CreateRestore());
        root.Add(BackupCommands.CreateRekey());
        return root;
    }

    private static async Task<int> ServeAsync(CancellationToken cancellation)
    {
        await using var app = CatalogizerApp.Create([]);
        ListenAddresses.Validate(app.Configuration);
        await app.RunAsync(cancellation);
        return 0;
    }
}
