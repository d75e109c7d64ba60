# Sourced by demo.sh: moving pictures.
# shellcheck shell=bash

# video FILE SIZE PICTURE TRACK...: a second or two of picture, with its tracks in order.
# PICTURE: h264, h264-10, h265, h265-10, hdr10, av1, av1-10, vp9, mpeg2 or xvid.
# TRACK: CODEC:CHANNELS:LANGUAGE[:TITLE] for sound, sub:LANGUAGE for subtitles.
video() {
  make "$1" film_it "$2" "$3" "${@:4}"
}

film_it() {
  local size=$1 picture=$2 seconds=1 rate=12 inputs=() options=() sounds=0 subtitles=0 track
  [ "${size#*x}" -gt 1000 ] || { seconds=2; rate=25; }   # large pictures take long, so there are fewer of them
  inputs=(-f lavfi -i "$(scene "$size" "$picture")")
  for track in "${@:3}"; do
    add_track "$track"
  done
  "${ffmpeg[@]}" "${inputs[@]}" -map 0:v $(picture_options "$picture") "${options[@]}" -t "$seconds" "$part"
}

# scene SIZE PICTURE: one wash of colour held still, with a clock running over it.
scene() {
  local pixels=yuv420p clock="fontfile=$font:fontcolor=white:x=(w-tw)/2"
  case $2 in *10) pixels=yuv420p10le ;; esac
  printf '%s' "$(wash 320x180 "$file"),scale=${1/x/:}:flags=fast_bilinear,setsar=1,format=$pixels,loop=loop=-1:size=1,fps=$rate,setpts=N/$rate/TB"
  printf '%s' ",drawtext=$clock:text='%{pts\\:hms}':fontsize=h/9:y=(h-th)/2"
  printf '%s' ",drawtext=$clock:text='$1 $2':fontsize=h/20:y=h*0.65"
}

picture_options() {
  local quiet="log-level=error"
  case $1 in
    h264 | h264-10) echo "-c:v libx264 -preset ultrafast -crf 38" ;;
    h265 | h265-10) echo "-c:v libx265 -preset ultrafast -crf 38 -x265-params $quiet" ;;
    hdr10)
      echo "-c:v libx265 -preset ultrafast -crf 38 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"
      echo "-x265-params $quiet:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400"
      ;;
    av1 | av1-10) echo "-c:v libsvtav1 -preset 12 -crf 55" ;;
    vp9) echo "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 120k" ;;
    mpeg2) echo "-c:v mpeg2video -q:v 20" ;;
    xvid) echo "-c:v libxvid -q:v 20" ;;
  esac
}

# add_track TRACK: to the inputs and options of film_it.
add_track() {
  local codec channels language title input=$(((sounds + subtitles) + 1))
  IFS=: read -r codec channels language title <<<"$1"
  if [ "$codec" = sub ]; then
    printf '%s\n' 1 "00:00:00,000 --> 00:00:01,500" "[$channels]" >"$scratch/$input.srt"
    inputs+=(-i "$scratch/$input.srt")
    options+=(-map "$input:s" "-c:s:$subtitles" "$(case $part in *.mp4) echo mov_text ;; *) echo srt ;; esac)")
    options+=("-metadata:s:s:$subtitles" "language=$channels")
    subtitles=$((subtitles + 1))
  else
    inputs+=(-f lavfi -i "sine=frequency=$((220 + 110 * sounds)):sample_rate=48000")
    options+=(-map "$input:a" "-ac:a:$sounds" "$channels" "-metadata:s:a:$sounds" "language=$language")
    # shellcheck disable=SC2207 # words
    options+=($(sound_options "$codec" "$channels" ":$sounds"))
    [ -z "$title" ] || options+=("-metadata:s:a:$sounds" "title=$title")
    sounds=$((sounds + 1))
  fi
}

# sound_options CODEC CHANNELS [:STREAM]
sound_options() {
  local rate=64k
  [ "$2" -le 2 ] || rate=224k
  case $1 in
    aac | ac3 | eac3) echo "-c:a${3-} $1 -b:a${3-} $rate" ;;
    mp3) echo "-c:a${3-} libmp3lame -b:a${3-} $rate" ;;
    mp2) echo "-c:a${3-} mp2 -b:a${3-} 128k" ;;
    opus) echo "-c:a${3-} libopus -b:a${3-} $rate" ;;
    flac) echo "-c:a${3-} flac" ;;
    dts) echo "-c:a${3-} dca -strict -2" ;;
  esac
}
