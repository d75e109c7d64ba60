using System.CommandLine;
using System.Text;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Web.Commands;

/// <summary><c>detect [FILE]</c>: reads relative paths, one per line, and writes one JSON object per line, in order. Needs no data folder.</summary>
internal static class DetectCommand
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "Paths, one a line; standard input unless given.", Arity = ArgumentArity.ZeroOrOne }.ValidatePath();
        var explain = new Option<bool>("--explain") { Description = "Adds what each reader believed." };
        var detect = new Command("detect", "Tells what files are, from their paths alone.") { file, explain };
        detect.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(file), parsed.GetValue(explain), cancellation));
        return detect;
    }

    private static async Task<int> RunAsync(string? file, bool explain, CancellationToken cancellation)
    {
        var detector = new MediaDetector();
        using var input = new StreamReader(OpenInput(file), Utf8);
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        await using var writer = VerdictJson.CreateWriter(output);
        while (await input.ReadLineAsync(cancellation) is { } path)
        {
            VerdictJson.Write(writer, path, detector.Detect(path, explain), explain);
            writer.Reset();
            output.WriteByte((byte)'\n');
        }

        return 0;
    }

    private static Stream OpenInput(string? file)
    {
        try
        {
            return file is null ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The file {file} cannot be read: {exception.Message}", exception);
        }
    }
}
