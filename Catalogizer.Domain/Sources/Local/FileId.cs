namespace Catalogizer.Domain.Sources.Local;

/// <summary>A file or folder by the number of its device and its number there: the same by every path, link and bind mount that leads to it.</summary>
internal readonly record struct FileId(ulong Device, ulong Inode);
