using System.CommandLine;
using System.Text;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;

namespace Catalogizer.Web.Commands;

/// <summary><c>detect [FILE]</c>: reads relative paths, one per line, and writes one JSON object per line, in order. Needs no data folder.</summary>
internal static class DetectCommand
{
    /// <summary>Paths that are read at a time: among them, those of one folder are neighbours.</summary>
    private const int MaxBatchPaths = 10_000;

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
        var paths = new List<string>();
        while (await input.ReadLineAsync(cancellation) is { } path)
        {
            paths.Add(path);
            if (paths.Count == MaxBatchPaths)
            {
                WriteVerdicts();
            }
        }

        WriteVerdicts();
        return 0;

        void WriteVerdicts()
        {
            foreach (var (path, verdict) in paths.Zip(FolderNumbering.DetectAll(detector, paths, explain)))
            {
                VerdictJson.Write(writer, path, verdict, explain);
                writer.Reset();
                output.WriteByte((byte)'\n');
            }

            paths.Clear();
        }
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
