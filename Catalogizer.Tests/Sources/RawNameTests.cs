using System.Text;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources;

/// <summary>Names are bytes: each has one text form, and the text can be converted back.</summary>
public sealed class RawNameTests
{
    public static TheoryData<string> Names =>
    [
        "66696C6D", "C3A9", "FF", "80", "E381", "EDA080", "EE", "EEBE", "EEBE80", "EEBFBF", "EEBE80FF", "EFBFBD", "EE8080", "EFA3BF", "F09F9982",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_WhatDecodeGave_IsTheSameBytes(string name)
    {
        var bytes = Convert.FromHexString(name);

        Assert.Equal([.. bytes, 0], RawName.Encode(RawName.Decode(bytes)));
    }

    [Fact]
    public void Decode_AStrayByteAndTheCharacterThatStandsForIt_AreTwoNames()
    {
        Assert.NotEqual(RawName.Decode([0xFF]), RawName.Decode(Encoding.UTF8.GetBytes("\uEFFF")));
        Assert.Equal("Ünter \uE000 \uF8FF", RawName.Decode(Encoding.UTF8.GetBytes("Ünter \uE000 \uF8FF")));
    }

    [Fact]
    public async Task Scan_NamesThatLookLikeStrayBytes_AreFilesOfTheirOwn()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("\uEF80 folder/One (2001).mkv");
        catalog.Write("Two \uEFFF (2002).mkv");
        var source = (await catalog.AddSourceAsync()).Id;
        var scan = await catalog.ScanAsync(source);

        Assert.Equal((ScanState.Completed, 2, 0), (scan.State, scan.Added, scan.FailedFolders));
        Assert.Equal(0, (await catalog.ScanAsync(source)).Missing);
        CatalogInvariants.Check(catalog);
    }
}
