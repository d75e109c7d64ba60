# Sourced by demo.sh: how a file of the demo library comes about.
# shellcheck shell=bash

# ffmpeg, quietly and without asking.
ffmpeg=(ffmpeg -hide_banner -loglevel error -nostdin -y)
export SVT_LOG=1

at_a_time=2
under_way=0
wanted=0
done_so_far=0
only_count=

# start_making: an empty place for what is being made; whatever ends this script waits for what is under way, then clears it.
start_making() {
  rm -rf "$making"
  mkdir -p "$making" "$library"
  trap 'wait; rm -rf "$making"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# make FILE COMMAND...: the file, relative to the library, is what the command writes to $part; nothing happens if it is there.
# Commands run beside each other, each in a folder of its own, $scratch. A file appears when it is whole.
make() {
  local file=$library/$1
  shift
  if [ -n "$only_count" ]; then
    wanted=$((wanted + 1))
    return
  fi
  done_so_far=$((done_so_far + 1))
  [ $((done_so_far % 25)) -ne 0 ] || echo "  $done_so_far of $wanted files" >&2
  [ ! -e "$file" ] || return 0

  if [ "$under_way" -ge "$at_a_time" ]; then
    wait -n || true
    under_way=$((under_way - 1))
    none_failed
  fi
  mkdir -p "${file%/*}"
  make_one "$file" "$@" &
  under_way=$((under_way + 1))
}

# all_made: what was asked for so far is there.
all_made() {
  wait
  under_way=0
  none_failed
}

make_one() {
  local file=$1 scratch=$making/$BASHPID part
  shift
  part=$scratch/${file##*/}
  trap '[ $? -eq 0 ] || echo "$file" >>"$making/failed"' EXIT
  mkdir "$scratch"
  cd "$scratch"
  "$@"
  mv "$part" "$file"
  rm -r "$scratch"
}

none_failed() {
  if [ -e "$making/failed" ]; then
    echo "The demo library could not be finished. This could not be made: $(cat "$making/failed")" >&2
    exit 1
  fi
}

# text FILE LINE...: a file of lines.
text() {
  make "$1" write_lines "${@:2}"
}

write_lines() {
  printf '%s\n' "$@" >"$part"
}

# bytes FILE COUNT [START]: a file of so many bytes that begins with START, which printf reads.
bytes() {
  make "$1" write_bytes "$2" "${3-}"
}

write_bytes() {
  # Not a pipe: its writer fails once head has enough.
  # shellcheck disable=SC2059 # the start is a format: it has bytes that no argument can hold
  head -c "$1" <(printf "$2"; cat /dev/zero) >"$part"
}

# colour WORDS SHADE: a colour of the words' own, as ffmpeg writes it; the shade is 0 (dark) to 3 (light), and each goes a
# little further round the colour wheel.
colour() {
  local sum hue most least up down red green blue
  sum=$(cksum <<<"$1")
  hue=$(((${sum%% *} + 25 * $2) % 360))
  most=$((60 + 62 * $2))
  least=$((most * 35 / 100))
  up=$((least + (most - least) * (hue % 60) / 60))
  down=$((most + least - up))
  case $((hue / 60)) in
    0) red=$most green=$up blue=$least ;;
    1) red=$down green=$most blue=$least ;;
    2) red=$least green=$most blue=$up ;;
    3) red=$least green=$down blue=$most ;;
    4) red=$up green=$least blue=$most ;;
    5) red=$most green=$least blue=$down ;;
  esac
  printf '0x%02x%02x%02x' "$red" "$green" "$blue"
}
