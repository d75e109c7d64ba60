using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>The words of software releases.</summary>
internal static class SoftwareTerms
{
    public static void AddTo(TermTable table) => table
        .Add(Software, "crack", Strong, "keygen|keymaker|incl keygen|incl keymaker|incl keyfilemaker|incl keygenerator|keygenerator|keyfilemaker|incl patch|incl crack|incl serial|regfile|read nfo cracked|preactivated|pre activated|loader only|regged|incl license|patch only|keygen only|license key|incl keygen and patch")
        .Add(Software, "build", Strong, "x86|x64|amd64|arm64|aarch64|armhf|i386|i686|x86 64|win64|win32|32bit|64bit|32 bit|64 bit|armv7|universal binary|noarch")
        .Add(Software, "build", Medium, "cracked|unattended|portable|setup|installer|multilingual|multilanguage|enterprise edition|professional edition|standalone|vst|vst3|vsti|aax|rtas|kontakt|incl")
        .Add(Software, "build", Weak, "multilang|bilingual|beta|rc|rc1|alpha|build|final|offline|lite|stable|release|lts|nightly|netinst|live|desktop|server|iso");
}
