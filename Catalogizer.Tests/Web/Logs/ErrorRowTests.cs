using Bunit;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Logs;

namespace Catalogizer.Tests.Web.Logs;

/// <summary>The texts and buttons of an error row.</summary>
public sealed class ErrorRowTests : PageTest
{
    [Theory]
    [InlineData(ErrorStatus.New, "Resolved", ErrorStatus.Resolved)]
    [InlineData(ErrorStatus.Resolved, "Open again", ErrorStatus.New)]
    [InlineData(ErrorStatus.Ignored, "Open again", ErrorStatus.New)]
    public void Button_First_SetsWhatItSays(ErrorStatus status, string word, ErrorStatus then)
    {
        ErrorStatus? set = null;
        var row = Render<ErrorRow>(p => p.Add(r => r.Error, CreateError(status)).Add(r => r.SetStatus, to => set = to));

        var button = row.FindAll(".error-actions button")[0];
        Assert.Equal(word, button.TextContent);
        button.Click();

        Assert.Equal(then, set);
    }

    [Fact]
    public void Row_HostileMessage_IsPlainText()
    {
        var row = Render<ErrorRow>(p => p.Add(r => r.Error, CreateError(ErrorStatus.New, "<img src=x onerror=alert(1)> \u202Egnp")));

        Assert.Empty(row.FindAll("img"));
        Assert.Contains("‹U+202E›", row.Find(".error-message").TextContent, StringComparison.Ordinal);
        Assert.Contains("12 times", row.Find(".error-facts").TextContent, StringComparison.Ordinal);
    }

    private static ErrorLogEntry CreateError(ErrorStatus status, string message = "It broke.") => new()
    {
        Id = 1, Fingerprint = "f", Component = "Scanning", Kind = "System.Exception", Place = "A.B", Message = message, Details = "at A.B()",
        FirstSeen = DateTimeOffset.UtcNow, LastSeen = DateTimeOffset.UtcNow, Count = 12, Status = status,
    };
}
