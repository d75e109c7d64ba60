using System.Text;

namespace Catalogizer.Tests.Detection;

/// <summary>Creates hostile names from ordinary ones: pieces of several names joined, cut, doubled or reversed, with odd characters between them.</summary>
internal sealed class NameMutations(IReadOnlyList<string> names, int seed)
{
    private static readonly string[] OddCharacters =
    [
        "/", "//", " / ", ".", "..", "-", " - ", "_", "[", "]", "(", ")", "{", "}", "【", "】", "#", "&", "+", "~", "'", "\"", "\\", "|", ",", ":", "\0", "\n", "\t",
        "\u202e", "\u200b", "\ufeff", "\u0301", "\u3099", "\ud800", "\udc00", "\ud83c\udfac", "\uffff", "第", "話", "季", "화", "２", "（", "S", "E", "x", "v", "of", "to", "by",
        "0", "1", "99", "100", "1999", "2047", "99999999", "00000000000000000000", ".mkv", ".mp3", ".cbz", ".epub", ".srt", ".iso", ".exe", ".m4b", ".zip", ".nsp",
        "Season ", "Disc 1", "CD", "part", "Chapter ", "Vol.", "Issue", "www.", "tt0133093", "[tmdbid-", "aka", "Complete", "Cap.", "May 12, ", "Movies/", "Music/", "Comics/", "Audiobooks/", "Games/",
    ];

    private readonly Random _random = new(seed);

    public string CreateName()
    {
        var name = new StringBuilder(CreatePiece());
        for (var round = _random.Next(6); round > 0; round--)
        {
            var at = _random.Next(name.Length + 1);
            switch (_random.Next(6))
            {
                case 0:
                    name.Insert(at, OddCharacters[_random.Next(OddCharacters.Length)]);
                    break;
                case 1:
                    name.Insert(at, CreatePiece());
                    break;
                case 2:
                    name.Remove(at, Math.Min(_random.Next(8), name.Length - at));
                    break;
                case 3:
                    name.Insert(at, OddCharacters[_random.Next(OddCharacters.Length)], _random.Next(1, 12));
                    break;
                case 4:
                    name.Insert(at, (char)_random.Next(char.MaxValue + 1));
                    break;
                default:
                    name.Replace(OddCharacters[_random.Next(OddCharacters.Length)], OddCharacters[_random.Next(OddCharacters.Length)]);
                    break;
            }
        }

        return name.Length > 4096 ? name.ToString(0, 4096) : name.ToString();
    }

    private string CreatePiece()
    {
        var name = names[_random.Next(names.Count)];
        var from = _random.Next(3) == 0 ? _random.Next(name.Length) : 0;
        return name[from..(_random.Next(3) == 0 ? _random.Next(from, name.Length) : name.Length)];
    }
}
