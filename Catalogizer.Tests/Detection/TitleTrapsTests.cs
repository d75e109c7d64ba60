using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Tests.Detection;

/// <summary>Titles that contain numbers, years and release terms, in every common form of name.</summary>
public sealed class TitleTrapsTests
{
    private static readonly string[] Titles =
    [
        "Road 47", "47 Roads", "The 47", "1931", "2047 Road", "7", "Room 101", "U-47", "9-1-1", "K-19", "Se7en", "3 Roads 2 Towns", "S.W.A.T.", "Road: 2",
        "Road v Town", "V for Road", "X", "Road X", "I, Road", "Road Part II", "Road - Part 2", "Road Part 2", "Road Chapter 2", "Road Vol 2", "Road No. 5",
        "Season of Roads", "The Episode", "Part of the Road", "Series of Roads", "Disc Jockey", "The CD Store", "Road of the 5th", "The 5th Road", "20,000 Roads",
        "50-50 Road", "24 Hours", "Day 5", "Week 12", "H2O", "R2-D2 Road", "WALL-E Road", "The Danish Road", "Road to Korea", "Lost in Spanish", "The Web",
        "Cam Girl", "Final Proof", "The Real Road", "Proper Road", "Extended Road", "Limited Road", "The Complete Road", "Live Road", "The Max", "It", "Now Road",
        "Bonus Road", "The Sample", "Mono", "Stereo Road", "The Opus", "Dual", "Internal Road", "Retail Road", "Custom Road", "Multi Road", "Sub Zero",
        "Line of Fire", "The Fix", "End of Road", "The End", "Pilot", "Folge der Liebe", "The Cap", "To the Road", "Road by Night", "Road of One", "Two of Us",
        "One and Two", "May Road", "March of Roads", "April 5", "Dr. Road", "Mr. & Mrs. Road", "Road's End", "Road! Road!", "Who is it?", "Road, The", "Straße",
        "Дорога", "道路", "Été", "The Comic Road", "The Trainer", "Cracked Road",
    ];

    [Theory]
    [InlineData("{0} (1999).mkv")]
    [InlineData("{0} 1999 720p.mkv")]
    [InlineData("{0} [1999] [1080p].mkv")]
    [InlineData("{dots}.1999.1080p.BluRay.x264-TEAM.mkv")]
    [InlineData("{scores}_(1999).mp4")]
    [InlineData("Movies/{0} (1999)/{0} (1999).mkv")]
    [InlineData("Movies/{0} (1999)/{0} (1999) - 1080p.mkv")]
    public void Detect_Film_KeepsTheTitle(string form) =>
        AssertAllForms(form, verdict => verdict is { Type: MediaType.Movie, Fields.Year: 1999 } ? verdict.Fields.Title : null);

    [Theory]
    [InlineData("{0} - S01E02 - Word.mkv")]
    [InlineData("{0} 1x02.avi")]
    [InlineData("{dots}.S01E02.720p.WEB.x264-TEAM.mkv")]
    [InlineData("TV/{0}/Season 1/S01E02.mkv")]
    [InlineData("TV/{0}/Season 1/{0} - S01E02.mkv")]
    [InlineData("TV/{0}/Season 01/02 - Word.mkv")]
    [InlineData("TV/{0} (2019)/Season 1/{0} (2019) - S01E02 - Word.mkv")]
    public void Detect_Series_KeepsTheTitle(string form) =>
        AssertAllForms(form, verdict => verdict is { Type: MediaType.TvShow, Fields: { Season: 1, Episodes: [2] } } ? verdict.Fields.Title : null);

    [Theory]
    [InlineData("{dots}.S01.1080p.WEB.x264-TEAM")]
    [InlineData("{0} - 2019-05-12 - Word.mkv")]
    [InlineData("[Crew] {0} - 05 [1080p].mkv")]
    public void Detect_OtherForms_KeepTheTitle(string form) => AssertAllForms(form, verdict => verdict.Type == MediaType.TvShow ? verdict.Fields.Title : null);

    [Theory]
    [InlineData("TV/Show/Season 1/Show - S01E02 - {0}.mkv")]
    [InlineData("TV/Show/Season 1/02 - {0}.mkv")]
    [InlineData("Show - 1x02 - {0}.mkv")]
    public void Detect_Episode_KeepsItsTitle(string form) =>
        AssertAllForms(form, verdict => verdict is { Type: MediaType.TvShow, Fields: { Season: 1, Episodes: [2] } } ? verdict.Fields.EpisodeTitle : null);

    [Theory]
    [InlineData("Music/Band/Album (2004)/01 - {0}.flac")]
    [InlineData("Music/Band/Album (2004)/01. {0}.flac")]
    [InlineData("Music/Band/Album (2004)/01 {0}.flac")]
    public void Detect_Track_KeepsItsTitle(string form) =>
        AssertAllForms(form, verdict => verdict is { Type: MediaType.Music, Fields: { Track: 1, Album: "Album" } } ? verdict.Fields.Title : null);

    private static void AssertAllForms(string form, Func<Verdict, string?> title)
    {
        var errors = new List<string>();
        foreach (var expected in Titles)
        {
            var path = form.Replace("{0}", expected, StringComparison.Ordinal).Replace("{scores}", expected.Replace(' ', '_'), StringComparison.Ordinal)
                .Replace("{dots}", expected.Replace(": ", " ", StringComparison.Ordinal).Replace(' ', '.'), StringComparison.Ordinal);
            var found = title(TestDetection.Detect(path));
            if (ExtractLetters(found ?? "") != ExtractLetters(expected))
            {
                errors.Add($"{path} gives {found ?? "nothing"}");
            }
        }

        Assert.Empty(errors);
    }

    private static string ExtractLetters(string text) =>
        string.Concat(text.Replace("&", "and", StringComparison.Ordinal).Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
