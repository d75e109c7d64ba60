# Sourced by demo.sh: films, all in the public domain, named as they come: tidy, as releases, in several copies, in parts.
# shellcheck shell=bash

films() {
  local at

  at="Films/Nosferatu (1922)"
  video "$at/Nosferatu.1922.2160p.UHD.BluRay.x265.10bit.HDR.FLAC.2.0-ORLOK.mkv" 3840x2160 hdr10 flac:2:eng sub:eng sub:ger
  video "$at/Nosferatu.1922.1080p.BluRay.x264.DD5.1-ORLOK.mkv" 1920x1080 h264 ac3:6:eng sub:eng sub:ger sub:fre
  video "$at/Nosferatu.1922.DVDRip.XviD.MP3-OLDREEL.avi" 640x480 xvid mp3:2:eng
  subtitles "$at/Nosferatu.1922.1080p.BluRay.x264.DD5.1-ORLOK.en.srt" "Wait, young man." "You cannot escape your fate."
  subtitles "$at/Nosferatu.1922.1080p.BluRay.x264.DD5.1-ORLOK.de.srt" "Nicht so hastig, junger Freund!" "Niemand enteilt seinem Schicksal."
  subtitles "$at/Nosferatu.1922.DVDRip.XviD.MP3-OLDREEL.fr.forced.srt" "Pas si vite, mon jeune ami."
  nfo "$at/movie.nfo" movie "Nosferatu" 1922 "A clerk sells a house in his town to a count who sleeps by day."

  at="Films/Metropolis (1927)"
  video "$at/Metropolis (1927) Restored 1080p BluRay H.265 Opus 5.1.mkv" 1920x1080 h265 opus:6:ger sub:eng
  video "$at/Metropolis (1927) CD1.avi" 640x480 xvid mp3:2:eng
  video "$at/Metropolis (1927) CD2.avi" 640x480 xvid mp3:2:eng
  video "$at/Trailers/Metropolis (1927) Trailer.mp4" 1280x720 h264 aac:2:ger
  video "$at/Sample/metropolis.1927.1080p-sample.mkv" 1920x1080 h264 aac:2:ger
  subtitles "$at/Metropolis (1927) Restored 1080p BluRay H.265 Opus 5.1.es.srt" "El mediador entre el cerebro y las manos" "ha de ser el corazón."
  nfo "$at/movie.nfo" movie "Metropolis" 1927 "The son of a city's master goes down to those who run its machines."

  at="Films/Night of the Living Dead (1968)"
  video "$at/Night of the Living Dead (1968) [1080p AV1 Opus].mkv" 1920x1080 av1 opus:1:eng sub:eng
  video "$at/Night of the Living Dead (1968) {edition-Colorized}.mp4" 854x480 h264 aac:2:eng
  video "$at/Featurettes/The Farmhouse.mkv" 1280x720 h264 aac:2:eng
  subtitles "$at/Night of the Living Dead (1968) [1080p AV1 Opus].en.sdh.srt" "[thunder]" "They are coming to get you, Barbara."

  video "Films/The General (1926)/The.General.1926.REMASTERED.1080p.BluRay.x265.10bit.DTS-KEATON.mkv" 1920x1080 h265-10 dts:6:eng
  video "Films/A Trip to the Moon (1902)/A Trip to the Moon (1902) [1080p].mp4" 1920x1080 h264 aac:2:fre sub:fre
  video "Films/Sherlock Jr. (1924)/Sherlock Jr. (1924).mkv" 1280x720 h264 aac:2:eng
  subtitles "Films/Sherlock Jr. (1924)/Sherlock Jr. (1924).en.srt" "Say, Mr. Detective -" "before you clean up any mysteries, clean up this theatre!"

  at="Films/His Girl Friday (1940)"
  video "$at/His.Girl.Friday.1940.1080p.BluRay.FLAC.1.0.x264-SCREWBALL.mkv" 1920x1080 h264 flac:1:eng "aac:2:eng:Commentary" sub:eng
  subtitles "$at/His.Girl.Friday.1940.1080p.BluRay.FLAC.1.0.x264-SCREWBALL.en.srt" "There has been a lamp burning in the window for you." "I jumped out that window a long time ago."
  subtitles "$at/His.Girl.Friday.1940.1080p.BluRay.FLAC.1.0.x264-SCREWBALL.it.srt" "C'è sempre una lampada accesa per te." "Da quella finestra sono saltata giù da un pezzo."

  at="Films/Charade (1963)"
  video "$at/Charade.1963.MULTi.1080p.BluRay.x264.EAC3.5.1-VOLTAIRE.mkv" 1920x1080 h264 eac3:6:eng eac3:6:fre ac3:2:ger sub:eng sub:fre
  video "$at/Charade.1963.PAL.DVD.MPEG2.AC3.mpg" 720x576 mpeg2 ac3:2:eng
  nfo "$at/movie.nfo" movie "Charade" 1963 "A widow in Paris is followed by four men who want what her husband had."

  video "Films/Häxan (1922)/Häxan (1922) 720p VP9.webm" 1280x720 vp9 opus:2:swe
  video "Films/The Cabinet of Dr. Caligari (1920).mkv" 1440x1080 h264 ac3:2:ger
  video "Films/20,000 Leagues Under the Sea (1916) 480p.mp4" 640x480 h264 aac:2:eng
  video "Films/Plan 9 from Outer Space (1957) [1080p] [WEBRip] [x265].mp4" 1920x1080 h265 aac:2:eng
  video "Films/D.O.A.1949.720p.WEB-DL.AAC2.0.H.264-BIGELOW.mkv" 1280x720 h264 aac:2:eng
  video "Films/Броненосец Потёмкин (1925)/Броненосец Потёмкин (1925) 1080p.mkv" 1440x1080 h264 aac:2:rus sub:rus
  video "Films/Carnival.of.Souls.1962.2160p.WEB-DL.AV1.10bit.Opus-ORGAN/carnival.of.souls.1962.2160p-organ.mkv" 3840x2160 av1-10 opus:2:eng

  video "Films/Safety Last! (1923)/Safety Last! (1923) - 720p.mkv" 1280x720 h264 aac:2:eng
  video "Films/Safety Last! (1923)/Safety Last! (1923) - 1080p.mkv" 1920x1080 h264 aac:2:eng
  subtitles "Films/Safety Last! (1923)/Safety Last! (1923) - 1080p.en.srt" "The boy was always early." "Of course."
  subtitles "Films/Safety Last! (1923)/Safety Last! (1923) - 1080p.nl.srt" "De jongen was altijd vroeg." "Natuurlijk."
  video "Films/Detour.1945.DVDRip.x264.AC3-HITCH.mkv" 720x480 h264 ac3:2:eng
  subtitles "Films/Detour.1945.DVDRip.x264.AC3-HITCH.eng.srt" "Yes. Fate, or some mysterious force," "can put the finger on you or me."

  at="Downloads/The.Phantom.Carriage.1921.German.720p.BluRay.x264-KUTSCHE"
  video "$at/kutsche-the.phantom.carriage.1921.720p.mkv" 1280x720 h264 ac3:2:ger
  text "$at/kutsche-the.phantom.carriage.1921.720p.nfo" "The Phantom Carriage (1921)" "Video: x264 1280x720" "Audio: AC3 2.0 German"
  text "$at/kutsche.sfv" "kutsche-the.phantom.carriage.1921.720p.mkv 5d0c2a1e"
}
