using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>The cuts and editions of an item.</summary>
internal static class EditionTerms
{
    public static void AddTo(TermTable table)
    {
        AddCut(table, "Director's Cut", "director's|directors|director’s");
        AddCut(table, "Extended", "extended");
        AddCut(table, "Unrated", "unrated");
        AddCut(table, "Uncut", "uncut");
        AddCut(table, "Uncensored", "uncensored");
        AddCut(table, "Theatrical", "theatrical");
        AddCut(table, "International", "international", Weak);
        AddCut(table, "Special", "special", Weak);
        AddCut(table, "Collector", "collector's|collectors|collector|collector’s", Weak);
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
        table
            .Add(Edition, "IMAX", Medium, "imax|imax edition|imax enhanced")
            .Add(Edition, "Final Cut", Medium, "final cut").Add(Edition, "Open Matte", Strong, "open matte")
            .Add(Edition, "2in1", Medium, "2in1|2 in 1").Add(Edition, "Director's Cut", Weak, "dc")
            .Add(Edition, "Extended", Weak, "ext").Add(Edition, "Fan", Medium, "fanedit|fan edit")
            .Add(Edition, "Criterion", Medium, "criterion collection|cc edition").Add(Edition, "Extended", Medium, "extended rough cut");
    }

    private static void AddCut(TermTable table, string value, string words, TermStrength alone = Medium)
    {
        foreach (var word in words.Split('|'))
        {
            table.Add(Edition, value, alone, word);
            table.Add(Edition, value, Medium, $"{word} cut|{word} edition|{word} version|{word} edit");
        }
    }
}
