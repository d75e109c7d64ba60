#!/usr/bin/env bash
# Does what the Dockerfile does, without a container engine: publishes into a folder, then starts the program as a user without
# rights, on a file system where nothing can be written but one data folder and /tmp, with the commands alone that the image's
# packages bring. Libraries are this machine's. Needs Debian's dpkg, and a Linux that lets its caller make mount namespaces, as
# root does.
# Usage: build/as-image.sh FOLDER
#   FOLDER/app               the program; published by build/publish.sh --self-contained unless it is there
#   FOLDER/data              the volume
#   FOLDER/media             media, if there: read-only at /srv/media
#   FOLDER/catalogizer.key   the database key as a secret, if there
# ASPNETCORE_URLS and whatever begins with Catalogizer__ is passed on.
set -euo pipefail

folder=$(realpath --canonicalize-missing "${1:?Usage: build/as-image.sh FOLDER}")
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
user=1654 # the image's APP_UID
mkdir -p "$folder"
if [ ! -e "$folder/app/Catalogizer.Web" ]; then
  "$here/publish.sh" --self-contained "$folder/app"
fi

install --directory --owner=$user --group=$user --mode=0700 "$folder/data"

settings=()
while IFS= read -r name; do
  settings+=("$name=${!name}")
done < <(compgen -e | grep -E '^(Catalogizer__[A-Za-z0-9_]+|ASPNETCORE_URLS)$' || true)
# A build that was not published brings no .NET along.
[ -e "$folder/app/libcoreclr.so" ] || settings+=("DOTNET_ROOT=$(dirname "$(realpath "$(command -v dotnet)")")")

# Those that the Dockerfile names, and what any image has of commands that the program looks for.
packages="$(sed -n 's/^ARG PACKAGES="\(.*\)"/\1/p' "$here/../Dockerfile") coreutils util-linux"

export folder user packages
exec unshare --mount bash -euo pipefail -c '
  mount --make-rprivate /
  # /srv stands for the image: what is bound there is all that the program is given.
  mount -t tmpfs -o mode=0755 tmpfs /srv
  mkdir /srv/app /srv/bin /srv/data
  for package in $packages; do
    # A library may have another name here; it brings no commands.
    { dpkg --listfiles "$package" 2>/dev/null || true; } | { grep -E "^(/usr)?/bin/." || true; } |
      xargs --no-run-if-empty ln --symbolic --target-directory=/srv/bin
  done
  mount --bind "$folder/app" /srv/app
  mount --bind "$folder/data" /srv/data
  if [ -e "$folder/media" ]; then
    mkdir /srv/media
    mount --bind "$folder/media" /srv/media
    mount -o remount,bind,ro /srv/media
  fi
  secret=()
  if [ -e "$folder/catalogizer.key" ]; then
    install --owner=$user --mode=0400 "$folder/catalogizer.key" /srv/catalogizer.key
    secret=(Catalogizer__DatabaseKeyFile=/srv/catalogizer.key)
  fi
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  for place in / /srv /srv/app; do
    mount -o remount,bind,ro "$place"
  done
  cd /srv/data
  exec setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env --ignore-environment PATH=/srv/bin HOME=/nonexistent CATALOGIZER_HOME=/srv/data Catalogizer__DataDirectory=/srv/data \
    DOTNET_GCgen0size=2000000 ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://+:8080 "${secret[@]}" "$@" /srv/app/Catalogizer.Web
' as-image "${settings[@]}"
