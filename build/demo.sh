#!/usr/bin/env bash
# Makes the demo library: some 150 real small media files of works in the public domain, drawn and sounded on the spot.
# Usage: build/demo.sh FOLDER
# The files lie in FOLDER/library. What is there already is kept; a finished library is left alone, whatever became of it.
# FOLDER/password is the password of the demo's account, readable by its owner alone.
set -euo pipefail

here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
. "$here/needs.sh"
for part in making pictures video sound paper films series music reading other; do
  . "$here/demo/$part.sh"
done

mkdir -p "$1"
demo=$(realpath "$1")
library=$demo/library
making=$demo/making

# One maker at a time: whoever comes second finds the library finished.
exec {making_it}>"$demo/lock"
flock "$making_it"

[ -s "$demo/password" ] || (umask 077 && head -c 12 /dev/urandom | base64 | tr '+/' 'xy' >"$demo/password")

# Another recipe makes another library; the old one's files are its own work.
recipe=$(cat "$here/demo.sh" "$here"/demo/*.sh | cksum)
if [ "$(cat "$demo/recipe" 2>/dev/null)" != "$recipe" ]; then
  rm -rf "$library" "$demo/finished"
  echo "$recipe" >"$demo/recipe"
fi
[ ! -e "$demo/finished" ] || exit 0

need ffmpeg ffmpeg
need zip zip
need genisoimage genisoimage
need "$font" fonts-dejavu-core
install_missing "The demo library"

everything() {
  pictures      # first, because sound and books hold them
  all_made
  films
  series
  music
  reading
  other
  all_made
}

echo "Making the demo library in $library: half a minute as a rule." >&2
start_making
only_count=1
everything
only_count=
everything
touch "$demo/finished"
echo "The demo library is made: $wanted files, $(du -sh "$library" | cut -f1)." >&2
