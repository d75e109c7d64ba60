namespace Catalogizer.Domain.Sources.Local;

/// <summary>A file or folder by its device and inode number: the same for every path, link and bind mount that leads to it.</summary>
internal readonly record struct FileId(ulong Device, ulong Inode);
