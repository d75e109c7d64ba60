using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Common;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("GET http://host/setup?token=hunter2&x=1", "GET http://host/setup?token=***&x=1")]
    [InlineData("/sign-in?returnUrl=%2Flibrary%3Ftoken%3Dhunter2%26x", "/sign-in?returnUrl=%2Flibrary%3Ftoken%3D***")]
    [InlineData("?access_token=hunter2", "?access_token=***")]
    [InlineData("Authorization: Bearer abcdef123456", "Authorization: *** ***")]
    [InlineData("Bearer abcdef123456, then more", "Bearer ***, then more")]
    [InlineData("{\"password\":\"correct horse battery\",\"user\":\"anna\"}", "{\"password\":\"***\",\"user\":\"anna\"}")]
    [InlineData("smb://anna:hunter2@nas/media", "smb://***@nas/media")]
    [InlineData("api_key=hunter2; next", "api_key=***; next")]
    [InlineData("Cookie: catalogizer.session=CfDJ8abc; theme=dark", "Cookie: catalogizer.session=***; theme=dark")]
    [InlineData("it said eyJhbGciOi.eyJzdWIi.c2ln today", "it said *** today")]
    [InlineData("Media item processed: The Secret Garden (movie)", "Media item processed: The Secret Garden (movie)")]
    [InlineData("/media/films/A Film (2001).mkv", "/media/films/A Film (2001).mkv")]
    public void Redact_Text_HidesWhatIsSecret(string text, string shown) => Assert.Equal(shown, Redaction.Redact(text));

    [Fact]
    public void Redact_LongText_TakesNoLongerThanItsLength()
    {
        // Many possible starts of a secret's name that is never completed.
        var text = "token " + string.Concat(Enumerable.Repeat("a.b-", 50_000));

        Assert.Equal(text, Redaction.Redact(text));
    }
}
