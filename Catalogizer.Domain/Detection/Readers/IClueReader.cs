namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Reads one family of facts from a name and records them. Readers run in a fixed order, because a word claimed by one
/// is no longer free for the next.
/// </summary>
internal interface IClueReader
{
    void Read(ParsedName parsed);
}
