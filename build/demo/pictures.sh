# Sourced by demo.sh: posters, covers and photos.
# shellcheck shell=bash

font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf

pictures() {
  poster "Films/Nosferatu (1922)/poster.jpg" "☾" "Nosferatu" 1922
  picture "Films/Nosferatu (1922)/fanart.jpg" 960x540 "Nosferatu"
  poster "Films/Metropolis (1927)/poster.jpg" "⚙" "Metropolis" 1927
  poster "Films/Night of the Living Dead (1968)/poster.jpg" "☠" "Night of the Living Dead" 1968
  poster "Films/The General (1926)/folder.jpg" "♜" "The General" 1926
  poster "Films/A Trip to the Moon (1902)/poster.jpg" "☄" "A Trip to the Moon" 1902
  poster "Films/Sherlock Jr. (1924)/Sherlock Jr. (1924)-poster.jpg" "♞" "Sherlock Jr." 1924
  poster "Films/His Girl Friday (1940)/poster.jpg" "☎" "His Girl Friday" 1940
  poster "Films/Charade (1963)/poster.jpg" "♣" "Charade" 1963
  poster "Films/Safety Last! (1923)/poster.jpg" "◷" "Safety Last!" 1923
  poster "Films/Häxan (1922)/poster.jpg" "☽" "Häxan" 1922

  poster "TV Shows/The Phantom Empire (1935)/poster.jpg" "★" "The Phantom Empire" 1935
  poster "TV Shows/The Phantom Empire (1935)/season01-poster.jpg" "★" "Season 1" 1935
  poster "TV Shows/Lighthouse Nine/poster.jpg" "⚓" "Lighthouse Nine" 2017

  cover "Music/Elena Marchetti/Beethoven - Piano Sonatas (2014)/cover.jpg" "♩" "Piano Sonatas"
  cover "Music/Tomasz Wilk/Chopin - Nocturnes (2009)/folder.jpg" "♪" "Nocturnes"
  cover "Music/The Ravensburg Consort/Bach - Brandenburg Concertos (1998) [FLAC]/cover.jpg" "♫" "Brandenburg Concertos"
  cover "Music/Harbour Street Ragtime Band/Maple Leaf and Other Rags (2016)/cover.jpg" "♬" "Maple Leaf and Other Rags"
  cover "Music/Anna Lindqvist/Satie - Gymnopédies (2011)/cover.jpg" "♭" "Gymnopédies"
  cover "Audiobooks/Jules Verne - Around the World in Eighty Days.jpg" "☼" "Around the World in Eighty Days"
  cover "Audiobooks/H. G. Wells/The Time Machine/cover.jpg" "∞" "The Time Machine"
  poster "Books/Jane Austen/Pride and Prejudice (1813)/cover.jpg" "❦" "Pride and Prejudice" 1813

  photo "Photos/2019/2019-07-14 Lisbon/IMG_20190714_101502.jpg" "2019:07:14 10:15:02"
  photo "Photos/2019/2019-07-14 Lisbon/IMG_20190714_113047.jpg" "2019:07:14 11:30:47"
  photo "Photos/2019/2019-07-14 Lisbon/IMG_20190714_194410.jpg" "2019:07:14 19:44:10"
  photo "Photos/2021/Garden/DSC_0042.JPG" "2021:05:02 08:12:33"
  photo "Photos/2021/Garden/DSC_0043.JPG" "2021:05:02 08:12:51"
  photo "Photos/2021/Garden/DSC_0047.JPG" "2021:05:02 08:20:07"
  photo "Photos/2023/Winter walk/PXL_20230121_145911.jpg" "2023:01:21 14:59:11"
  photo "Photos/2023/Winter walk/PXL_20230121_150204.jpg" "2023:01:21 15:02:04"
}

# poster FILE SYMBOL TITLE YEAR
poster() {
  make "$1" draw_sheet 400x600 "$2" "$3" "$4"
}

# cover FILE SYMBOL TITLE
cover() {
  make "$1" draw_sheet 400x400 "$2" "$3" ""
}

# picture FILE SIZE WORDS: colours alone, the words' own.
picture() {
  make "$1" draw_picture "$2" "$3"
}

# photo FILE TIME: with the time it was taken, as cameras write it.
photo() {
  make "$1" take_photo "$2"
}

draw_picture() {
  "${ffmpeg[@]}" -f lavfi -i "$(wash "$1" "$2")" -frames:v 1 -q:v 4 -f image2 -update 1 "$part"
}

# draw_sheet SIZE SYMBOL TITLE YEAR: a frame, a large symbol, the title in as many lines as it takes.
draw_sheet() {
  local size=$1 symbol=$2 title=$3 year=$4 filter line at=0
  filter="$(wash "$size" "$title"),drawbox=x=12:y=12:w=iw-24:h=ih-24:color=white@0.6:t=2"
  filter+=",$(words "$symbol" 170 "h*0.3-th/2")"
  while IFS= read -r line; do
    filter+=",$(words "$line" 38 "h*0.6+$((at * 46))")"
    at=$((at + 1))
  done < <(fold -s -w 14 <<<"$title")
  [ -z "$year" ] || filter+=",$(words "$year" 26 "h*0.92-th")"
  "${ffmpeg[@]}" -f lavfi -i "$filter" -frames:v 1 -q:v 3 -f image2 -update 1 "$part"
}

# wash SIZE WORDS: from one colour of the words' own to another.
wash() {
  echo "gradients=s=$1:x0=0:y0=0:x1=${1%x*}:y1=${1#*x}:c0=$(colour "$2" 0):c1=$(colour "$2" 2):seed=1:speed=0.00001:d=0.04:r=25"
}

# words TEXT SIZE Y: the text, in the middle of the line. It goes through a file, where no sign has a meaning; so must the
# file's name have none, which is why it is a relative one.
words() {
  local file
  file=$(mktemp words.XXXXXX)
  printf '%s' "${1% }" >"$file"
  echo "drawtext=fontfile=$font:textfile=$file:expansion=none:fontsize=$2:fontcolor=white:x=(w-tw)/2:y=$3"
}

take_photo() {
  "${ffmpeg[@]}" -f lavfi -i "$(wash 1280x960 "$1"),drawbox=y=ih*0.7:h=ih*0.3:color=$(colour "$1" 1):t=fill" \
    -frames:v 1 -q:v 5 -f image2 -update 1 "$scratch/plain.jpg"
  { head -c 2 "$scratch/plain.jpg"; exif "$1"; tail -c +3 "$scratch/plain.jpg"; } >"$part"
}

# exif TIME: make, model and time as a JPEG segment. Each number is little-endian; offsets count from "II".
exif() {
  printf '\xff\xe1\x00\xa0Exif\0\0II*\0\x08\0\0\0'
  printf '\x04\0'
  printf '\x0f\x01\x02\0\x10\0\0\0\x3e\0\0\0'       # make, 16 bytes at 62
  printf '\x10\x01\x02\0\x10\0\0\0\x4e\0\0\0'       # model, 16 bytes at 78
  printf '\x32\x01\x02\0\x14\0\0\0\x5e\0\0\0'       # time, 20 bytes at 94
  printf '\x69\x87\x04\0\x01\0\0\0\x72\0\0\0'       # further fields, at 114
  printf '\0\0\0\0'
  printf 'Camera Obscura\0\0Pinhole No. 3\0\0\0%s\0' "$1"
  printf '\x01\0\x03\x90\x02\0\x14\0\0\0\x84\0\0\0' # time taken, 20 bytes at 132
  printf '\0\0\0\0%s\0' "$1"
}
