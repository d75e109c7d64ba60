using System.Runtime.Versioning;

// The program runs on Linux, and so do its tests.
[assembly: SupportedOSPlatform("linux")]
