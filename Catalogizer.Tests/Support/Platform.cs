using System.Runtime.Versioning;

// The program and its tests run on Linux.
[assembly: SupportedOSPlatform("linux")]
