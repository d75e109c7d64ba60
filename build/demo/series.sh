# Sourced by demo.sh: series, an old serial and invented ones: season folders, specials, double episodes, anime, by date.
# shellcheck shell=bash

series() {
  local at name

  at="TV Shows/The Phantom Empire (1935)"
  nfo "$at/tvshow.nfo" tvshow "The Phantom Empire" 1935 "A singing cowboy finds a city deep below his ranch."
  for name in "S01E01 - The Singing Cowboy" "S01E02 - The Thunder Riders" "S01E03 - The Lightning Chamber" "S01E04 - Phantom Broadcast" "S01E05 - Beneath the Earth"; do
    video "$at/Season 01/The Phantom Empire (1935) - $name.mkv" 720x540 h264 aac:1:eng sub:eng
  done
  subtitles "$at/Season 01/The Phantom Empire (1935) - S01E01 - The Singing Cowboy.en.srt" "Howdy, folks!" "This is Radio Ranch."
  subtitles "$at/Season 01/The Phantom Empire (1935) - S01E01 - The Singing Cowboy.pt-BR.srt" "Olá, amigos!" "Aqui é o Rancho da Rádio."
  video "$at/Specials/The Phantom Empire (1935) - S00E01 - Lost Reels.mkv" 720x540 h264 aac:1:eng

  at="TV Shows/Lighthouse Nine"
  for name in s01e01 s01e02 s01e03 s01e04; do
    video "$at/Season 1/lighthouse.nine.$name.720p.web.h264-beacon.mkv" 1280x720 h264 aac:2:eng
  done
  video "$at/Season 2/Lighthouse.Nine.S02E01E02.1080p.WEB-DL.DDP5.1.H.265-BEACON.mkv" 1920x1080 h265 eac3:6:eng sub:eng
  video "$at/Season 2/Lighthouse.Nine.S02E03.1080p.WEB-DL.DDP5.1.H.265-BEACON.mkv" 1920x1080 h265 eac3:6:eng sub:eng
  video "$at/Season 2/Lighthouse.Nine.S02E03.2160p.WEB-DL.HDR.DDP5.1.H.265-BEACON.mkv" 3840x2160 hdr10 eac3:6:eng
  subtitles "$at/Season 2/Lighthouse.Nine.S02E03.1080p.WEB-DL.DDP5.1.H.265-BEACON.da.srt" "Er der nogen?" "Kun havet."

  video "TV Shows/The Observatory/The Observatory 1x01 First Light.avi" 640x480 xvid mp3:2:eng
  video "TV Shows/The Observatory/The Observatory 1x02 The Wrong Star.avi" 640x480 xvid mp3:2:eng
  video "TV Shows/The Observatory/The Observatory 1x03 Clouds.mpg" 720x480 mpeg2 mp2:2:eng
  video "TV Shows/The Evening Gazette/The.Evening.Gazette.2019.03.14.720p.WEB.x264-PRESS.mp4" 1280x720 h264 aac:2:eng
  video "TV Shows/The Evening Gazette/The.Evening.Gazette.2019.03.15.720p.WEB.x264-PRESS.mp4" 1280x720 h264 aac:2:eng

  at="Anime/[Kitsune] Moonlit Railway"
  video "$at/[Kitsune] Moonlit Railway - 01 [1080p][HEVC 10bit][AAC].mkv" 1920x1080 h265-10 aac:2:jpn sub:eng
  video "$at/[Kitsune] Moonlit Railway - 02v2 [1080p][HEVC 10bit][AAC].mkv" 1920x1080 h265-10 aac:2:jpn sub:eng
  video "$at/[Kitsune] Moonlit Railway - 03 [720p][Hi10P][AAC][4F1D2C3B].mkv" 1280x720 h264-10 aac:2:jpn aac:2:eng sub:eng
  video "$at/[Kitsune] Moonlit Railway - 04 [1080p][AV1][Opus].mkv" 1920x1080 av1 opus:2:jpn sub:eng
}
