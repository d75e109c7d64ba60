# Sourced by demo.sh: music and spoken books, tagged, with their cover inside.
# shellcheck shell=bash

# album FOLDER ARTIST ALBUM YEAR GENRE COVER: what the tracks after it belong to. The cover lies in the folder or above it.
album() {
  album_folder=$1 album_artist=$2 album_title=$3 album_year=$4 album_genre=$5 album_cover=$6
}

# track NAME: a file of the album; number, disc and title are in its name: "01 - Title.flac", "1-02 Title.m4a".
track() {
  local disc=1
  [[ ! $1 =~ ^CD([0-9])/ ]] || disc=${BASH_REMATCH[1]}
  [[ ${1##*/} =~ ^([0-9]-)?([0-9]+)[\ .-]+(.*)\.([a-z0-9]+)$ ]]
  make "$album_folder/$1" play "${BASH_REMATCH[4]}" "${BASH_REMATCH[3]}" "$((10#${BASH_REMATCH[2]}))" "$disc" \
    "$album_artist" "$album_title" "$album_year" "$album_genre" "$library/$album_cover"
}

# play FORMAT TITLE NUMBER DISC ARTIST ALBUM YEAR GENRE COVER
play() {
  local tags=(-metadata "title=$2" -metadata "track=$3" -metadata "disc=$4" -metadata "artist=$5" -metadata "album_artist=$5"
    -metadata "album=$6" -metadata "date=$7" -metadata "genre=$8")
  local source=(-f lavfi -i "sine=frequency=$((196 + 49 * $3)):sample_rate=48000:duration=2")
  local cover=(-i "$9" -map 0:a -map 1:v -c:v copy -disposition:v attached_pic -metadata:s:v "title=Album cover" -metadata:s:v "comment=Cover (front)")
  # shellcheck disable=SC2046 # words
  case $1 in
    flac) "${ffmpeg[@]}" "${source[@]}" "${cover[@]}" -ac 2 $(sound_options flac 2) "${tags[@]}" "$part" ;;
    mp3) "${ffmpeg[@]}" "${source[@]}" "${cover[@]}" -ac 2 $(sound_options mp3 2) -id3v2_version 3 "${tags[@]}" "$part" ;;
    m4a | m4b) "${ffmpeg[@]}" "${source[@]}" "${cover[@]}" -ac 2 $(sound_options aac 2) -f mp4 "${tags[@]}" "$part" ;;
    opus)
      "${ffmpeg[@]}" "${source[@]}" -ac 2 $(sound_options opus 2) "${tags[@]}" \
        -metadata "METADATA_BLOCK_PICTURE=$(picture_block "$9")" "$part" ;;
  esac
}

# picture_block FILE: a cover as an Ogg comment holds it: FLAC's picture block for a JPEG of 400 × 400, in Base64.
picture_block() {
  { number 3; number 10; printf 'image/jpeg'; number 0; number 400; number 400; number 24; number 0; number "$(stat -c %s "$1")"; cat "$1"; } | base64 -w 0
}

# number N: four bytes, the greatest first.
number() {
  # shellcheck disable=SC2059 # the bytes are the format
  printf "$(printf '\\x%02x' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
}
