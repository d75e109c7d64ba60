namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Reads one family of facts from a name and notes them down. Readers run in a fixed order, since what one
/// has read is no longer free for the next.</summary>
internal interface IClueReader
{
    void Read(ParsedName parsed);
}
