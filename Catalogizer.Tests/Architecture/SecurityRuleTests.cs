using System.Text.RegularExpressions;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Architecture;

/// <summary>Risky constructs appear only in the product files where their use was considered.</summary>
public partial class SecurityRuleTests
{
    /// <summary>SHA-1 computes the codes of authenticator apps, as their standard defines.</summary>
    [Fact]
    public void Product_UsesNoWeakCryptography() => Assert.Equal(["Catalogizer.Domain/Accounts/TotpCode.cs"], FilesWith(WeakCryptography()));

    /// <summary>The jitter of retry delays may be predictable; all other random values come from the system's secure generator.</summary>
    [Fact]
    public void Product_MakesNoSecretsByGuessableChance() => Assert.Equal(["Catalogizer.Domain/Sources/Resilience/Backoff.cs"], FilesWith(PredictableRandom()));

    [Fact]
    public void Product_ChecksEveryCertificate() => Assert.Empty(FilesWith(CertificateCheck()));

    /// <summary>Arguments are passed to other programs one by one, without a shell that could interpret them as commands.</summary>
    [Fact]
    public void Product_StartsProgramsWithoutAShell()
    {
        Assert.Empty(FilesWith(CommandLine()));
        Assert.NotEmpty(FilesWith(ArgumentList()));
    }

    /// <summary>Regular expressions are compiled with the program, so that no external text becomes one.</summary>
    [Fact]
    public void Product_MakesNoExpressionsWhileItRuns()
    {
        Assert.Empty(FilesWith(ExpressionFromText()));
        Assert.NotEmpty(FilesWith(GeneratedExpression()));
    }

    /// <summary>Input is deserialised into the type that the reader names, never into one that the text names.</summary>
    [Fact]
    public void Product_LetsNoTextNameItsType() => Assert.Empty(FilesWith(TypeFromText()));

    /// <summary>Passwords are masked, and password managers can fill them in.</summary>
    [Fact]
    public void Forms_PasswordFields_HideThemAndTakeThemFromPasswordManagers()
    {
        var fields = RepositoryRoot.EnumerateProductFiles(".razor").SelectMany(file => Input().Matches(RepositoryRoot.Read(file)).Select(input => (File: file, Text: input.Value))).ToList();
        var passwords = fields.Where(field => PasswordName().IsMatch(field.Text)).ToList();

        Assert.True(passwords.Count >= 8, $"{passwords.Count}");
        Assert.All(passwords, field => Assert.Matches("type=\"password\"", field.Text));
        Assert.All(passwords.Where(field => field.File.Contains("/Account", StringComparison.Ordinal)), field => Assert.Matches("autocomplete=\"(current|new)-password\"", field.Text));
        Assert.DoesNotContain(fields, field => field.Text.Contains("paste", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Directory.GetFiles(RepositoryRoot.PathOf("wwwroot-assets/js")), script => File.ReadAllText(script).Contains("paste", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Scripts store appearance and scroll position, and no catalogue data.</summary>
    [Fact]
    public void Scripts_KeepNothingInTheBrowserButLooksAndPlaces()
    {
        var storedKeys = Directory.GetFiles(RepositoryRoot.PathOf("wwwroot-assets/js"), "*.js").SelectMany(script => StoredKey().Matches(File.ReadAllText(script))).Select(place => place.Groups["name"].Value);

        Assert.Equal(["${layoutKey}", "catalogizer-theme", "layoutKey", "scrollKey()"], storedKeys.Order(StringComparer.Ordinal));
        Assert.Empty(FilesWith(BrowserStorage()));
    }

    private static List<string> FilesWith(Regex mark) => [.. RepositoryRoot.EnumerateProductFiles(".cs", ".razor").Where(file => mark.IsMatch(RepositoryRoot.Read(file)))];

    [GeneratedRegex(@"\b(MD5|SHA1|HMACMD5|HMACSHA1|DES|TripleDES|RC2|RC4|Rijndael\w*|CipherMode|DSA|RSA)\b\s*[.(]")]
    private static partial Regex WeakCryptography();

    [GeneratedRegex(@"new Random\(|Random\.Shared")]
    private static partial Regex PredictableRandom();

    [GeneratedRegex("CertificateValidationCallback|CertificateCustomValidationCallback|DangerousAcceptAny")]
    private static partial Regex CertificateCheck();

    [GeneratedRegex(@"\.Arguments\s*=|UseShellExecute\s*=\s*true|""(/bin/)?(ba)?sh""")]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"ArgumentList\.Add")]
    private static partial Regex ArgumentList();

    [GeneratedRegex(@"new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split|Count)\(")]
    private static partial Regex ExpressionFromText();

    [GeneratedRegex(@"\[GeneratedRegex\(")]
    private static partial Regex GeneratedExpression();

    [GeneratedRegex("BinaryFormatter|NetDataContractSerializer|SoapFormatter|LosFormatter|TypeNameHandling|Type\\.GetType\\(|Activator\\.CreateInstance\\(")]
    private static partial Regex TypeFromText();

    [GeneratedRegex(@"(Storage\.setItem\((?<name>[^,]+),|document\.cookie = `(?<name>[^=]+)=)")]
    private static partial Regex StoredKey();

    [GeneratedRegex("localStorage|sessionStorage|ProtectedBrowserStorage|ProtectedLocalStorage|ProtectedSessionStorage")]
    private static partial Regex BrowserStorage();

    [GeneratedRegex("<input\\b[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex("(id|name)=\"@?(\\w+\\.)?(\\w*Password\\w*|repeat)\"", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordName();
}
