using System.Globalization;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

internal enum TokenRole : byte
{
    None,

    /// <summary>A term of the lexicon. Whether it counts is decided once the end of the title is known.</summary>
    Term,
    Year,
    Episode,
    Season,
    Date,
    Part,
    Id,

    /// <summary>Neither title nor release word: a checksum, a site address, a leading bracket, the word for an extra.</summary>
    Noise,
}

/// <summary>What the folders above a name say about numbers of episodes in it.</summary>
internal enum NamePlace : byte
{
    Any,

    /// <summary>"Movies": "Episode 4" is part of a film's title.</summary>
    Films,

    /// <summary>"TV", "Season 2": "Season 2014" is a season, elsewhere it rather ends with the year of a film.</summary>
    Series,

    /// <summary>"Games", "Software": "Season 2" and "Episode 4" are part of a title.</summary>
    Programs,
}

/// <summary>The parsing state of one name: its words, the role of each, and the fields read so far.</summary>
internal sealed class ParsedName
{
    private readonly TokenRole[] _roles;
    private readonly Term?[] _terms;
    private readonly byte[] _termLengths;

    public ParsedName(TokenizedName name, bool explain, bool isVideo = false)
    {
        Name = name;
        IsVideo = isVideo;
        End = name.Count;
        _roles = new TokenRole[name.Count];
        _terms = new Term?[name.Count];
        _termLengths = new byte[name.Count];
        Clues = explain ? [] : null;
    }

    public TokenizedName Name { get; }

    /// <summary>Whether it is the name of a video or of a file beside one. A number that is an episode there may be a track or an issue elsewhere.</summary>
    public bool IsVideo { get; }

    public MediaFieldsBuilder Fields { get; } = new();

    /// <summary>Null unless an explanation was requested.</summary>
    public List<Clue>? Clues { get; }

    public NamePlace Place { get; init; }

    /// <summary>First word that can belong to the title.</summary>
    public int Start { get; set; }

    /// <summary>Index after the last word that belongs to the name; only tags follow.</summary>
    public int End { get; set; }

    /// <summary>First word that certainly does not belong to the title; <see cref="End"/> when there is none.</summary>
    public int TitleEnd { get; set; }

    /// <summary>First word from which weak terms count.</summary>
    public int WeakTermsStart { get; set; }

    public string? LeadingGroup { get; set; }

    public string? TrailingTag { get; set; }

    public EpisodePatternResult? Episode { get; set; }

    /// <summary>Index of the word that is the year; -1 when there is none.</summary>
    public int YearIndex { get; set; } = -1;

    /// <summary>Whether the year is the first of a span, "(2010-2015)".</summary>
    public bool IsYearSpan { get; set; }

    /// <summary>Whether a range of numbers says that the name is that of several films, "Title 1-8".</summary>
    public bool IsNumberRange { get; set; }

    public int DateIndex { get; set; } = -1;

    public int DateEndIndex { get; set; } = -1;

    /// <summary>First word that marks bonus material, "NCOP" or "x01"; -1 when there is none.</summary>
    public int BonusIndex { get; set; } = -1;

    /// <summary>Whether the bonus material is of a kind that series have: openings, endings, menus, previews.</summary>
    public bool IsSeriesBonus { get; set; }

    /// <summary>First word of the release group; -1 when none follows the release words.</summary>
    public int GroupIndex { get; set; } = -1;

    /// <summary>The kinds of terms that counted, as a bit set indexed by <see cref="TermKind"/>.</summary>
    public ulong TermKinds { get; set; }

    public bool HasTerm(TermKind kind) => (TermKinds >> (int)kind & 1) != 0;

    public TokenRole RoleAt(int index) => _roles[index];

    public Term? TermAt(int index) => _terms[index];

    /// <summary>Whether a term of the kind is more than a weak one, wherever it stands.</summary>
    public bool HasMediumTerm(TermKind kind) => Array.Exists(_terms, term => term?.Kind == kind && term.Strength != TermStrength.Weak);

    /// <summary>Number of words of the term that starts here; 0 within a term or without one.</summary>
    public int TermLength(int index) => _termLengths[index];

    public bool IsFree(int index) => index >= 0 && index < Name.Count && _roles[index] == TokenRole.None;

    /// <summary>Free, or only a weak term, which a more certain reading may claim.</summary>
    public bool IsClaimable(int index) => IsFree(index) || (index >= 0 && index < Name.Count && _terms[index] is { Strength: TermStrength.Weak });

    public void SetRole(int first, int last, TokenRole role)
    {
        for (var i = first; i <= last; i++)
        {
            _roles[i] = role;
            _terms[i] = null;
            _termLengths[i] = 0;
        }
    }

    public void SetTerm(int first, int words, Term term)
    {
        _termLengths[first] = (byte)words;
        for (var i = first; i < first + words; i++)
        {
            _roles[i] = TokenRole.Term;
            _terms[i] = term;
        }
    }

    public void AddClue(string fact, string value, double confidence, string reader, int first, int last)
    {
        Clues?.Add(new Clue(fact, value, confidence, $"{reader}: {Name.RawText(first, last)}"));
    }

    public void AddClue(string fact, int value, double confidence, string reader, int first, int last)
    {
        if (Clues is not null)
        {
            AddClue(fact, value.ToString(CultureInfo.InvariantCulture), confidence, reader, first, last);
        }
    }
}
