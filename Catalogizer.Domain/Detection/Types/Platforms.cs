using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The platform of a game file, by its extension or by the folder it is sorted into.</summary>
internal static class Platforms
{
    private static readonly FrozenDictionary<string, string> Extensions = CreateTable(
        "NES=nes fds unf;SNES=sfc smc;Game Boy Advance=gba;Game Boy=gb;Game Boy Color=gbc;Nintendo DS=nds;Nintendo 3DS=3ds cia;Nintendo 64=n64 z64 v64;"
        + "GameCube=gcm gcz;Wii=wbfs wad;Wii U=wux wua;Switch=nsp xci nsz xcz;Master System=sms;Game Gear=gg;Mega Drive 32X=32x;Dreamcast=gdi cdi;"
        + "PSP=pbp cso;PlayStation Vita=vpk;Atari 2600=a26;Atari 5200=a52;Atari 7800=a78;Atari Lynx=lnx;Neo Geo Pocket=ngp ngc;PC Engine=pce;WonderSwan=ws wsc;"
        + "Virtual Boy=vb;Commodore 64=d64 crt;Amiga=adf;ZX Spectrum=tap tzx z80");

    private static readonly FrozenDictionary<string, string> Folders = CreateTable(
        "NES=nes,nintendo,famicom,nintendo entertainment system;SNES=snes,super nintendo,super nintendo entertainment system,sfc;Nintendo 64=n64,nintendo 64;GameCube=gamecube,ngc,gc,nintendo gamecube;Wii=wii,nintendo wii;"
        + "Wii U=wiiu,wii u;Switch=switch,nintendo switch,nsw;Game Boy=gb,game boy,gameboy;Game Boy Color=gbc,game boy color;Game Boy Advance=gba,game boy advance;Nintendo DS=nds,nintendo ds;Nintendo 3DS=3ds,nintendo 3ds;"
        + "PlayStation=psx,ps1,playstation;PlayStation 2=ps2,playstation 2;PlayStation 3=ps3,playstation 3;PlayStation 4=ps4,playstation 4;PlayStation 5=ps5,playstation 5;PSP=psp;PlayStation Vita=psvita,ps vita,vita;"
        + "Mega Drive=megadrive,mega drive,genesis,sega genesis,md;Master System=mastersystem,master system;Dreamcast=dreamcast,dc;Saturn=saturn,sega saturn;Xbox=xbox;Xbox 360=xbox360,xbox 360;Windows=pc,windows,pc games,gog;Linux=linux;macOS=mac,macos;Arcade=arcade,mame;Amiga=amiga;Commodore 64=c64;DOS=dos", ',');

    public static string? FromExtension(string extension) => Extensions.GetValueOrDefault(extension);

    public static string? FromFolder(string folder) => Folders.GetValueOrDefault(folder);

    public static bool IsPlatformFolder(ReadOnlySpan<char> folder) => Folders.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(folder);

    private static FrozenDictionary<string, string> CreateTable(string text, char separator = ' ') => text.Split(';')
        .Select(line => line.Split('='))
        .SelectMany(pair => pair[1].Split(separator).Select(word => KeyValuePair.Create(word, pair[0])))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
