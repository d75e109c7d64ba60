using System.Collections.Frozen;
using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>The cuts and editions of an item.</summary>
internal static class EditionTerms
{
    public static void AddTo(TermTable table)
    {
        AddCut(table, "Director's Cut", "director's|directors|director’s|director´s");
        AddCut(table, "Director's Cut", "director|director s|dir", alone: null);
        AddCut(table, "Extended", "extended");
        AddCut(table, "Unrated", "unrated");
        AddCut(table, "Uncut", "uncut");
        AddCut(table, "Uncensored", "uncensored");
        AddCut(table, "Theatrical", "theatrical");
        AddCut(table, "International", "international", Weak);
        AddCut(table, "Special", "special", Weak);
        AddCut(table, "Collector", "collector's|collectors|collector|collector’s|collector´s|collector s", Weak);
        AddCut(table, "Criterion", "criterion", Medium);
        AddCut(table, "Remastered", "remastered|remaster|digitally remastered|4k remastered|digital remastered");
        AddCut(table, "Restored", "restored|4k restored|restoration|4k restoration");
        AddCut(table, "Ultimate", "ultimate", Weak);
        AddCut(table, "Anniversary", "anniversary", Weak);
        AddCut(table, "Limited", "limited");
        AddCut(table, "Fan", "fan", Weak);
        AddCut(table, "Alternative Cut", "alternative|alternate", Weak);
        AddCut(table, "Festival", "festival", Weak);
        AddCut(table, "Deluxe", "deluxe", Weak);
        AddCut(table, "Diamond", "diamond", Weak);
        AddCut(table, "Despecialized", "despecialized", Medium);
        AddTranslations(table);
        table
            .Add(Edition, "IMAX", Medium, "imax|imax edition|imax enhanced")
            .Add(Edition, "Final Cut", Medium, "final cut").Add(Edition, "Open Matte", Strong, "open matte")
            .Add(Edition, "2in1", Medium, "2in1|2 in 1").Add(Edition, "", Medium, "3in1|3 in 1|4in1|4 in 1").Add(Edition, "Director's Cut", Weak, "dc")
            .Add(Edition, "Extended", Weak, "ext").Add(Edition, "Fan", Medium, "fanedit|fan edit")
            .Add(Edition, "Criterion", Medium, "criterion collection|cc edition").Add(Edition, "Extended", Medium, "extended rough cut")
            .Add(Edition, "Alternative Cut", Medium, "recut|re cut");
    }

    // Said of cuts and versions, not of other things. The values are those of the vocabulary that come nearest.
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> CutWords = CreateCutWords(
        ("Alternative Cut", "assembly|rough|producer's|producers|producer’s|producer´s|producer|workprint|preview|test|tv|television|broadcast|airline|roadshow|premiere|definitive|rated|studio|early|recut|revised|editor's|editors|writer's|hybrid"),
        ("International", "us|uk|american|british|european|japanese|french|german|italian|kong|korean|chinese|spanish|english|overseas|foreign|export|domestic|continental"),
        ("Extended", "long|longer|integral|expanded|super"),
        ("Theatrical", "cinema|theater|theatre|cinematic"),
        ("", "original|full|complete|first"));

    /// <summary>The edition for a word in front of "cut" or "version": "assembly", "producer's", "long".</summary>
    public static bool TryGetCut(ReadOnlySpan<char> word, out string edition) => CutWords.TryGetValue(word, out edition!);

    private static FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> CreateCutWords(params (string Edition, string Words)[] cuts) =>
        cuts.SelectMany(cut => cut.Words.Split('|').Select(word => (Word: word, cut.Edition)))
            .ToFrozenDictionary(pair => pair.Word, pair => pair.Edition, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static void AddCut(TermTable table, string value, string words, TermStrength? alone = Medium)
    {
        foreach (var word in words.Split('|'))
        {
            if (alone is { } strength)
            {
                table.Add(Edition, value, strength, word);
            }

            table.Add(Edition, value, Medium, $"{word} cut|{word} edition|{word} version|{word} edit|{word} cuts|{word} editions|{word} versions|{word} edits");
        }
    }

    private static void AddTranslations(TermTable table) => table
        .Add(Edition, "Director's Cut", Medium, "regiefassung|version du réalisateur|montage du réalisateur|versión del director|version del director|montaje del director|versione del regista|режиссерская версия|режиссёрская версия")
        .Add(Edition, "Extended", Medium, "langfassung|version longue|édition longue|version intégrale|version integrale|versión extendida|version extendida|edición extendida|edicion extendida|versione estesa|edizione estesa|versione integrale|versão estendida|wersja rozszerzona|расширенная версия")
        .Add(Edition, "Theatrical", Medium, "kinofassung|kinoversion|version cinéma|version cinema|versión de cine|versione cinematografica|wersja kinowa|bioscoopversie|biografversion")
        .Add(Edition, "Special", Medium, "édition spéciale|edition spéciale|edition speciale|edición especial|edicion especial|edizione speciale|edição especial|edicao especial|sonderedition|speciale editie|specialutgåva")
        .Add(Edition, "Collector", Medium, "édition collector|edition collector|edición coleccionista|edicion coleccionista|edición de coleccionista|edizione da collezione|sammleredition")
        .Add(Edition, "Limited", Medium, "édition limitée|edition limitée|edition limitee|edición limitada|edicion limitada|edizione limitata")
        .Add(Edition, "Remastered", Medium, "remasterizado|remasterizada|remasterisé|remasterisée|version remasterisée|rimasterizzato|rimasterizzata|versione rimasterizzata|versión remasterizada")
        .Add(Edition, "Restored", Medium, "version restaurée|version restauree|versión restaurada|version restaurada|versione restaurata|restaurierte fassung")
        .Add(Edition, "Uncut", Medium, "ungeschnitten|ungeschnittene fassung|ungekürzte fassung|version non censurée");
}
