using static Catalogizer.Domain.Detection.Terms.Strength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Which cut of a work it is.</summary>
internal static class EditionTerms
{
    public static void AddTo(TermTable table)
    {
        Cut(table, "Director's Cut", "director's|directors|director’s");
        Cut(table, "Extended", "extended");
        Cut(table, "Unrated", "unrated");
        Cut(table, "Uncut", "uncut");
        Cut(table, "Uncensored", "uncensored");
        Cut(table, "Theatrical", "theatrical");
        Cut(table, "International", "international", Weak);
        Cut(table, "Special", "special", Weak);
        Cut(table, "Collector", "collector's|collectors|collector|collector’s", Weak);
        Cut(table, "Criterion", "criterion", Medium);
        Cut(table, "Remastered", "remastered|remaster|digitally remastered|4k remastered|digital remastered");
        Cut(table, "Restored", "restored|4k restored|restoration|4k restoration");
        Cut(table, "Ultimate", "ultimate", Weak);
        Cut(table, "Anniversary", "anniversary", Weak);
        Cut(table, "Limited", "limited");
        Cut(table, "Fan", "fan", Weak);
        Cut(table, "Alternative Cut", "alternative|alternate", Weak);
        Cut(table, "Festival", "festival", Weak);
        Cut(table, "Deluxe", "deluxe", Weak);
        Cut(table, "Diamond", "diamond", Weak);
        Cut(table, "Despecialized", "despecialized", Medium);
        table
            .Add(Edition, "IMAX", Medium, "imax|imax edition|imax enhanced")
            .Add(Edition, "Final Cut", Medium, "final cut").Add(Edition, "Open Matte", Strong, "open matte")
            .Add(Edition, "2in1", Medium, "2in1|2 in 1").Add(Edition, "Director's Cut", Weak, "dc")
            .Add(Edition, "Extended", Weak, "ext").Add(Edition, "Fan", Medium, "fanedit|fan edit")
            .Add(Edition, "Criterion", Medium, "criterion collection|cc edition").Add(Edition, "Extended", Medium, "extended rough cut");
    }

    private static void Cut(TermTable table, string value, string words, Strength alone = Medium)
    {
        foreach (var word in words.Split('|'))
        {
            table.Add(Edition, value, alone, word);
            table.Add(Edition, value, Medium, $"{word} cut|{word} edition|{word} version|{word} edit");
        }
    }
}
