using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>Folders that hold one disc of an item: CD1, "Disc 2", "DVD 1".</summary>
internal static class DiscFolders
{
    public static bool TryRead(TokenizedName folder, out int disc)
    {
        disc = 0;
        if (folder.Count is 0 or > 6)
        {
            return false;
        }

        var word = folder.Word(0);
        if (folder.Count > 1 && word is "cd" or "disc" or "disk" or "vinyl" or "disque" or "disco" or "dvd")
        {
            disc = folder.Number(1);
            return disc is > 0 and < 100;
        }

        var stem = word.StartsWith("cd") ? 2 : word.StartsWith("disc") || word.StartsWith("disk") ? 4 : 0;
        var digits = new DigitScanner(word[stem..]);
        return stem > 0 && digits.TryRead(2, out disc) && digits.IsAtEnd;
    }
}
