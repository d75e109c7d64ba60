namespace Catalogizer.Tests.Architecture;

public class SourceTextTests
{
    [Theory]
    [InlineData("using Quartz;")]
    [InlineData("using Quartz.Impl;")]
    [InlineData("using static Quartz.JobBuilder;")]
    [InlineData("using IJob = Quartz.IJob;")]
    [InlineData("global using Quartz;")]
    [InlineData("@using Quartz\n<p/>")]
    [InlineData("private readonly global::Quartz.IScheduler _scheduler;")]
    [InlineData("Quartz.raw.Start();")]
    [InlineData("List<Quartz.IJob> jobs;")]
    [InlineData("@inject Quartz.IScheduler Scheduler")]
    [InlineData("""<PackageReference Include="Quartz" />""")]
    [InlineData("""<Using Include="Quartz" />""")]
    public void Uses_NamespaceInCode_True(string text) => Assert.True(SourceText.Uses(text, "Quartz"));

    [Theory]
    [InlineData("// The jobs stand over Quartz. They run on a schedule.\nusing System;")]
    [InlineData("/* using Quartz; */ using System;")]
    [InlineData("@* Quartz.IJob *@")]
    [InlineData("using Catalogizer.Jobs.Quartz;")]
    [InlineData("services.AddQuartzJobs();")]
    [InlineData("""logging.AddFilter("Quartz.Core", LogLevel.Warning);""")]
    public void Uses_NamespaceOnlySpokenOf_False(string text) => Assert.False(SourceText.Uses(text, "Quartz"));
}
