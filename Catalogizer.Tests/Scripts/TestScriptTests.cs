namespace Catalogizer.Tests.Scripts;

public sealed class TestScriptTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task Test_SeveralAssembliesPass_ClosesWithTheSum()
    {
        _sandbox.Write("one.trx", CreateResults(passed: 5, failed: 0));
        _sandbox.Write("two.trx", CreateResults(passed: 7, failed: 0));

        var run = await _sandbox.RunAsync("test", ["--fast"]);

        Assert.Equal((0, "12 passed, 0 failed"), (run.ExitCode, LastLine(run.Output)));
    }

    [Fact]
    public async Task Test_OneFails_NamesItAndFails()
    {
        _sandbox.Write("one.trx", CreateResults(passed: 5, failed: 1));

        var run = await _sandbox.RunAsync("test", ["--fast"], "TESTS_EXIT=1");

        Assert.Equal((1, "5 passed, 1 failed"), (run.ExitCode, LastLine(run.Output)));
        Assert.Contains("  Detect_Name(path: \"a & b\")\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_RunnerBreaksOff_Fails()
    {
        _sandbox.Write("one.trx", CreateResults(passed: 5, failed: 0));

        var run = await _sandbox.RunAsync("test", ["--fast"], "TESTS_EXIT=1");

        Assert.Equal((1, "5 passed, 1 failed"), (run.ExitCode, LastLine(run.Output)));
    }

    [Fact]
    public async Task Test_NoTestRan_Fails()
    {
        var run = await _sandbox.RunAsync("test", ["--fast"]);

        Assert.Equal((1, "0 passed, 0 failed"), (run.ExitCode, LastLine(run.Output)));
    }

    [Fact]
    public async Task Test_BuildFails_ShowsTheErrorsAndFails()
    {
        var run = await _sandbox.RunAsync("test", ["--fast"], "BUILD_FAILS=1");

        Assert.Equal((1, "0 passed, 1 failed"), (run.ExitCode, LastLine(run.Output)));
        Assert.Contains("error CS1002", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_FastWithAFilter_AsksForBoth()
    {
        _sandbox.Write("one.trx", CreateResults(passed: 1, failed: 0));

        await _sandbox.RunAsync("test", ["--fast", "--filter", "Name~Detect", "--blame"]);

        Assert.Contains("Category!=Browser&Category!=Server&(Name~Detect)", _sandbox.TestArguments);
        Assert.Equal("--blame", _sandbox.TestArguments[^1]);
    }

    [Theory]
    [InlineData("--seed takes a number of up to nine digits.", "--seed", "x")]
    [InlineData("--seed takes a number of up to nine digits.", "--seed")]
    [InlineData("--filter takes a filter.", "--filter")]
    [InlineData("--fast leaves out what --all and --shots are for.", "--fast", "--all")]
    [InlineData("--fast leaves out what --all and --shots are for.", "--shots", "--fast")]
    public async Task Test_WrongArguments_SaysWhatTheyTakeAndRunsNothing(string sentence, params string[] arguments)
    {
        var run = await _sandbox.RunAsync("test", arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(sentence + "\nUsage: ./test ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_sandbox.TestArguments);
    }

    public void Dispose() => _sandbox.Dispose();

    private static string LastLine(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];

    private static string CreateResults(int passed, int failed) => $"""
        <TestRun>
          <Results>
            <UnitTestResult executionId="1" testName="Detect_Name(path: &quot;a &amp; b&quot;)" outcome="{(failed > 0 ? "Failed" : "Passed")}" />
          </Results>
          <ResultSummary outcome="Completed">
            <Counters total="{passed + failed}" executed="{passed + failed}" passed="{passed}" failed="{failed}" error="0" timeout="0" aborted="0" passedButRunAborted="0" notRunnable="0" />
          </ResultSummary>
        </TestRun>
        """;
}
