using System.Globalization;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>What a word of a name was read as.</summary>
internal enum Mark : byte
{
    None,

    /// <summary>A word of the lexicon; whether it counts is decided once the title's end is known.</summary>
    Term,
    Year,
    Episode,
    Season,
    Date,
    Part,
    Id,

    /// <summary>Says nothing: a checksum, a file size, a site's address.</summary>
    Noise,
}

/// <summary>The notebook of one name: its words, what each was read as, and the facts so far.</summary>
internal sealed class NameReading
{
    private readonly Mark[] _marks;
    private readonly Term?[] _terms;
    private readonly byte[] _termWords;

    public NameReading(NameText name, bool explain)
    {
        Name = name;
        End = name.Count;
        _marks = new Mark[name.Count];
        _terms = new Term?[name.Count];
        _termWords = new byte[name.Count];
        Clues = explain ? [] : null;
    }

    public NameText Name { get; }

    public FieldsDraft Fields { get; } = new();

    /// <summary>Null unless they were asked for.</summary>
    public List<Clue>? Clues { get; }

    /// <summary>First word that may be title.</summary>
    public int Start { get; set; }

    /// <summary>Where what belongs to the name ends: behind it stand only tags.</summary>
    public int End { get; set; }

    /// <summary>First word that is surely no title; <see cref="End"/> when there is none.</summary>
    public int TitleEnd { get; set; }

    /// <summary>First word from which weak terms count.</summary>
    public int Zone { get; set; }

    public string? LeadGroup { get; set; }

    public string? TailTag { get; set; }

    public EpisodeFind? Episode { get; set; }

    /// <summary>The word that is the year; -1 when there is none.</summary>
    public int YearAt { get; set; } = -1;

    /// <summary>The year is the first of two, "(2010-2015)".</summary>
    public bool IsYearSpan { get; set; }

    public int DateAt { get; set; } = -1;

    public int DateEnd { get; set; } = -1;

    /// <summary>First word of the release group; -1 when the words of none were met.</summary>
    public int GroupAt { get; set; } = -1;

    /// <summary>Which kinds of terms counted, a bit for each.</summary>
    public ulong Kinds { get; set; }

    public bool Has(TermKind kind) => (Kinds >> (int)kind & 1) != 0;

    public Mark MarkAt(int index) => _marks[index];

    public Term? TermAt(int index) => _terms[index];

    /// <summary>How many words the term that begins here has; 0 inside a term or without one.</summary>
    public int TermWords(int index) => _termWords[index];

    public bool IsFree(int index) => index >= 0 && index < Name.Count && _marks[index] == Mark.None;

    /// <summary>Free, or taken only for a weak word that a surer reading may claim.</summary>
    public bool IsOpen(int index) => IsFree(index) || (index >= 0 && index < Name.Count && _terms[index] is { Strength: Strength.Weak });

    public void SetMark(int first, int last, Mark mark)
    {
        for (var i = first; i <= last; i++)
        {
            _marks[i] = mark;
            _terms[i] = null;
            _termWords[i] = 0;
        }
    }

    public void SetTerm(int first, int words, Term term)
    {
        _termWords[first] = (byte)words;
        for (var i = first; i < first + words; i++)
        {
            _marks[i] = Mark.Term;
            _terms[i] = term;
        }
    }

    public void Say(string fact, string value, double confidence, string reader, int first, int last)
    {
        Clues?.Add(new Clue(fact, value, confidence, $"{reader}: {Name.Raw(first, last)}"));
    }

    public void Say(string fact, int value, double confidence, string reader, int first, int last)
    {
        if (Clues is not null)
        {
            Say(fact, value.ToString(CultureInfo.InvariantCulture), confidence, reader, first, last);
        }
    }
}
