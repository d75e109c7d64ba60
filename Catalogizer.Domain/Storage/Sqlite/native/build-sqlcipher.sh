#!/usr/bin/env bash
# Builds SQLCipher's SQLite library from its amalgamation.
# Usage: build-sqlcipher.sh OUTPUT.so
# The result is cached by version and platform under ${XDG_CACHE_HOME:-~/.cache}/catalogizer, so each machine builds it once.
# Without a home folder the cache is the project's .build folder.
set -euo pipefail

output=$1
# Left alone while it is current, since a running program may have it mapped.
[ "$output" -nt "${BASH_SOURCE[0]}" ] && exit

root=$(realpath "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../../..")
# shellcheck source=build/needs.sh
. "$root/build/needs.sh"
package='@journeyapps/sqlcipher@6.0.0'   # carries Zetetic's SQLCipher 4.14.0 amalgamation (SQLite 3.51.3), BSD-3-Clause
sha256='2ba87bbc92caf02c0ac640198c537c24bdda899a18bbba289f3d3f44d56795e4'
flags=(-O2 -fPIC -shared -D_GNU_SOURCE -include stdint.h -DSQLITE_HAS_CODEC -DSQLITE_TEMP_STORE=2
  -DSQLITE_EXTRA_INIT=sqlcipher_extra_init -DSQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown -DSQLCIPHER_CRYPTO_OPENSSL
  -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 -DNDEBUG)
# At the end of a process SQLCipher frees what it encrypts with, and a thread that still reads or writes crashes the process.
# Neither its exit handler nor its destructor is built in: the system frees the memory anyway.
without_exit=(-e '/^    atexit(sqlcipher_atexit);$/d' -e '/section("\.fini_array"))) = sqlcipher_fini;$/d')

recipe=$(printf '%s\n' "$sha256" "${flags[@]}" "${without_exit[@]}" | sha256sum | cut -c1-12)
caches=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
caches=${caches:-$root/.build/cache}/catalogizer
cache="$caches/sqlcipher-4.14.0-$(uname -s)-$(uname -m)-$recipe"
library="$cache/libe_sqlcipher.so"
hash="$library.sha256"

# stop SENTENCE: ends without an output.
stop() {
  echo "$1" >&2
  exit 1
}

# only_ours PATH: the program loads the library, so nobody else may have put it there or be able to change it.
only_ours() {
  [ -O "$1" ] || stop "The SQLCipher cache $1 belongs to another user; remove it, or set XDG_CACHE_HOME to a folder of your own."
  [ -z "$(find -H "$1" -maxdepth 0 -perm /022)" ] || stop "The SQLCipher cache $1 can be changed by other users; remove it, or take their write permission away."
}

for folder in "$caches" "$cache"; do
  (umask 077 && mkdir -p "$folder")
  only_ours "$folder"
done
exec {building}>"$cache/lock"
flock "$building"

if [ ! -e "$library" ] || [ ! -e "$hash" ]; then
  need gcc gcc libc6-dev
  need /usr/include/openssl/evp.h libssl-dev
  need npm npm
  install_missing "Building SQLCipher"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "$package" >/dev/null 2>npm.log) || { cat "$work/npm.log" >&2; stop "Could not fetch $package from the npm registry."; }
  tar -xzf "$work"/*.tgz -C "$work" package/deps/sqlcipher-amalgamation
  source="$work/package/deps/sqlcipher-amalgamation"
  echo "$sha256  $source/sqlite3.c" | sha256sum --check --status ||
    stop "The SQLCipher source that came is not the one this project was tested with; nothing was built."
  sed -i "${without_exit[@]}" "$source/sqlite3.c"
  umask 022
  gcc "${flags[@]}" -o "$work/libe_sqlcipher.so" "$source/sqlite3.c" -lcrypto -lm -lpthread -ldl
  rm -f "$hash"
  mv -f "$work/libe_sqlcipher.so" "$library"
  sha256sum "$library" | cut -d' ' -f1 >"$hash.part"
  mv "$hash.part" "$hash"
fi

only_ours "$library"
only_ours "$hash"
mkdir -p "$(dirname "$output")"
cp -f "$library" "$output.$$"
# The copy is checked, because that is what gets used.
echo "$(cat "$hash")  $output.$$" | sha256sum --check --status || {
  rm -f "$output.$$"
  stop "The cached SQLCipher library $library has changed since it was built; remove $cache, then try again."
}
mv -f "$output.$$" "$output"
