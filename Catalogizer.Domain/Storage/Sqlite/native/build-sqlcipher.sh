#!/usr/bin/env bash
# Builds SQLCipher's SQLite library from its amalgamation.
# Usage: build-sqlcipher.sh OUTPUT.so
# The result is kept by version and platform under ${XDG_CACHE_HOME:-~/.cache}/catalogizer, so it is built once a machine.
set -euo pipefail

output=$1
# Left alone while it is current, since a program that runs may have it mapped.
[ "$output" -nt "${BASH_SOURCE[0]}" ] && exit

# shellcheck source=build/needs.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../../../build/needs.sh"
package='@journeyapps/sqlcipher@6.0.0'   # carries Zetetic's SQLCipher 4.14.0 amalgamation (SQLite 3.51.3), BSD-3-Clause
sha256='2ba87bbc92caf02c0ac640198c537c24bdda899a18bbba289f3d3f44d56795e4'
flags=(-O2 -fPIC -shared -D_GNU_SOURCE -include stdint.h -DSQLITE_HAS_CODEC -DSQLITE_TEMP_STORE=2
  -DSQLITE_EXTRA_INIT=sqlcipher_extra_init -DSQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown -DSQLCIPHER_CRYPTO_OPENSSL
  -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 -DNDEBUG)

recipe=$(printf '%s\n' "$sha256" "${flags[@]}" | sha256sum | cut -c1-12)
cache="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/catalogizer/sqlcipher-4.14.0-$(uname -s)-$(uname -m)-$recipe"
library="$cache/libe_sqlcipher.so"

if [ ! -f "$library" ]; then
  need gcc gcc libc6-dev
  need /usr/include/openssl/evp.h libssl-dev
  need npm npm
  install_missing "Building SQLCipher"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "$package" >/dev/null 2>npm.log) || { cat "$work/npm.log" >&2; echo "Could not fetch $package from the npm registry." >&2; exit 1; }
  tar -xzf "$work"/*.tgz -C "$work" package/deps/sqlcipher-amalgamation
  source="$work/package/deps/sqlcipher-amalgamation"
  echo "$sha256  $source/sqlite3.c" | sha256sum --check --status ||
    { echo "The SQLCipher source that came is not the one this project was tested with; nothing was built." >&2; exit 1; }
  gcc "${flags[@]}" -o "$work/libe_sqlcipher.so" "$source/sqlite3.c" -lcrypto -lm -lpthread -ldl
  mkdir -p "$cache"
  mv "$work/libe_sqlcipher.so" "$library.$$"
  mv -f "$library.$$" "$library"
fi

mkdir -p "$(dirname "$output")"
cp -f "$library" "$output.$$"
mv -f "$output.$$" "$output"
