using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Container;

public partial class DockerfileTests
{
    /// <summary>The package of each program that the product starts. Those of the base image need not be installed.</summary>
    private static readonly Dictionary<string, string> PackageByProgram = new() { ["ffmpeg"] = "ffmpeg", ["ffprobe"] = "ffmpeg", ["nice"] = "coreutils", ["prlimit"] = "util-linux" };

    private static readonly string[] BaseImagePackages = ["coreutils", "util-linux"];

    private readonly Dockerfile _dockerfile = new();

    [Fact]
    public void Copy_FromTheRepository_CopiesWhatIsThere()
    {
        var copied = _dockerfile.FindRepositoryCopies().ToList();

        Assert.Contains("build/healthcheck.sh", copied);
        Assert.All(copied, name => Assert.True(Path.Exists(RepositoryRoot.PathOf(name)), name));
        Assert.DoesNotContain(copied, _dockerfile.IsIgnored);
    }

    [Fact]
    public void BuildStage_Steps_AreScriptsOfTheRepository()
    {
        var scripts = _dockerfile.Stages[0].Where(step => step.Name == "RUN").Select(step => step.Value.Split(' ')[0]).ToList();

        Assert.Contains("build/publish.sh", scripts);
        Assert.All(scripts, script => Assert.True(File.GetUnixFileMode(RepositoryRoot.PathOf(script)).HasFlag(UnixFileMode.UserExecute), script));
    }

    [Fact]
    public void BuildStage_IsTheBuildOfRun() =>
        Assert.Contains("/build/publish.sh\"", RepositoryRoot.Read("run"), StringComparison.Ordinal);

    /// <summary>The SDK brings packages of its own patch version, which the lock files name.</summary>
    [Fact]
    public void Images_HaveTheVersionsThatTheLocksWereMadeWith()
    {
        using var globalJson = JsonDocument.Parse(RepositoryRoot.Read("global.json"));
        using var locked = JsonDocument.Parse(RepositoryRoot.Read("Catalogizer.Web/packages.lock.json"));
        var sdk = globalJson.RootElement.GetProperty("sdk").GetProperty("version").GetString();
        var assets = locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").GetProperty("Microsoft.AspNetCore.App.Internal.Assets").GetProperty("resolved").GetString();

        Assert.Equal(
            [$"mcr.microsoft.com/dotnet/sdk:{sdk}-noble${{SDK_DIGEST:+@$SDK_DIGEST}} AS build", $"mcr.microsoft.com/dotnet/runtime-deps:{assets}-noble${{RUNTIME_DIGEST:+@$RUNTIME_DIGEST}}"],
            _dockerfile.Stages.Select(stage => stage[0].Value));
        Assert.Equal([("ARG", "SDK_DIGEST="), ("ARG", "RUNTIME_DIGEST=")], _dockerfile.Arguments);
    }

    /// <summary>The image has no .NET except what is published with the program, so nothing in it may call "dotnet".</summary>
    [Fact]
    public void Image_StartsWhatBringsItsRuntime()
    {
        Assert.Contains(("RUN", "build/publish.sh --self-contained /app"), _dockerfile.Stages[0]);
        Assert.EndsWith("\nexec /app/Catalogizer.Web \"$@\"\n", RepositoryRoot.Read("build/catalogizer"), StringComparison.Ordinal);
    }

    [Fact]
    public void Image_HasEveryProgramAndLibraryThatTheProductNames()
    {
        var programs = RepositoryRoot.EnumerateProductFiles(".cs").SelectMany(file => ProgramRegex().Matches(RepositoryRoot.Read(file))).Select(name => name.Groups["program"].Value).ToHashSet();
        var installed = _dockerfile.FinalStage.Single(step => step.Name == "ARG").Value["PACKAGES=".Length..].Trim('"').Split(' ');

        Assert.All(["ffmpeg", "ffprobe"], program => Assert.Contains(program, programs));
        Assert.All(programs, program => Assert.Contains(PackageByProgram[program], installed.Concat(BaseImagePackages)));
        Assert.All(["libsmbclient0", "libssl3t64"], library => Assert.Contains(library, installed));
        Assert.Contains(_dockerfile.FinalStage, step => step.Name == "RUN" && step.Value.Contains("apt-get install", StringComparison.Ordinal) && step.Value.Contains("$PACKAGES", StringComparison.Ordinal));
    }

    [Fact]
    public void Image_RunsAsAUserWithoutPower()
    {
        var user = Assert.Single(_dockerfile.FinalStage, step => step.Name == "USER").Value;

        Assert.DoesNotContain(user.Split(':')[0], new[] { "root", "0", "" });
        Assert.DoesNotContain(_dockerfile.FinalStage.SkipWhile(step => step.Name != "USER"), step => step.Name is "RUN" or "COPY" or "ADD");
    }

    [Fact]
    public void Image_HasOneVolumeWhereTheDataLies()
    {
        var volume = Assert.Single(_dockerfile.FinalStage, step => step.Name == "VOLUME").Value;

        Assert.Contains($"Catalogizer__DataDirectory={volume}", JoinEnvironment(), StringComparison.Ordinal);
    }

    [Fact]
    public void Image_ListensWhereItSaysAndAsksItsOwnHealth()
    {
        var port = Assert.Single(_dockerfile.FinalStage, step => step.Name == "EXPOSE").Value;
        var check = Assert.Single(_dockerfile.FinalStage, step => step.Name == "HEALTHCHECK").Value;

        Assert.Contains($"ASPNETCORE_URLS=http://+:{port}", JoinEnvironment(), StringComparison.Ordinal);
        Assert.Contains("healthcheck.sh", check, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("appsettings.json")]
    [InlineData("data/catalogizer.db")]
    [InlineData("data/catalogizer.key")]
    [InlineData("Catalogizer.Web/obj/project.assets.json")]
    [InlineData(".git/config")]
    public void Context_SecretsAndLeftovers_StayOut(string name) => Assert.True(_dockerfile.IsIgnored(name));

    [Fact]
    public void Context_WhatTheBuildReads_GetsIn()
    {
        var sources = RepositoryRoot.EnumerateProductFiles(".cs", ".csproj", ".razor", ".css", ".js", ".sh").ToList();

        Assert.Contains("Catalogizer.Web/Program.cs", sources);
        Assert.DoesNotContain(
            [.. sources, "Directory.Build.props", "Directory.Packages.props", "global.json", "appsettings.example.json", "wwwroot-assets/css/tokens.css", "build/publish.sh"], _dockerfile.IsIgnored);
    }

    [GeneratedRegex(@"(?:MediaTool\.(?:RunAsync|IsThere)|Tools\.IsProgram|\bFind)\(\s*""(?<program>[a-z][a-z0-9-]*)""")]
    private static partial Regex ProgramRegex();

    private string JoinEnvironment() => string.Join(' ', _dockerfile.FinalStage.Where(step => step.Name == "ENV").Select(step => step.Value));
}
