#!/usr/bin/env bash
# Does what the Dockerfile does, without a container engine: publishes into a folder, then starts the program as a user without
# rights, on a file system where nothing can be written but one data folder and /tmp. Needs a Linux that lets its caller make
# mount namespaces, as root does.
# Usage: build/as-image.sh FOLDER
#   FOLDER/app               the program; published by build/publish.sh --self-contained unless it is there
#   FOLDER/data              the volume
#   FOLDER/catalogizer.key   the database key as a secret, if there
# ASPNETCORE_URLS and whatever begins with Catalogizer__ is passed on.
set -euo pipefail

folder=$(realpath --canonicalize-missing "${1:?Usage: build/as-image.sh FOLDER}")
user=1654 # the image's APP_UID
mkdir -p "$folder"
if [ ! -e "$folder/app/Catalogizer.Web" ]; then
  "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/publish.sh" --self-contained "$folder/app"
fi

install --directory --owner=$user --group=$user --mode=0700 "$folder/data"

settings=()
while IFS= read -r name; do
  settings+=("$name=${!name}")
done < <(compgen -e | grep -E '^(Catalogizer__[A-Za-z0-9_]+|ASPNETCORE_URLS)$' || true)
# A build that was not published brings no .NET along.
[ -e "$folder/app/libcoreclr.so" ] || settings+=("DOTNET_ROOT=$(dirname "$(realpath "$(command -v dotnet)")")")

export folder user
exec unshare --mount bash -euo pipefail -c '
  mount --make-rprivate /
  # /srv stands for the image: what is bound there is all that the program is given.
  mount -t tmpfs -o mode=0755 tmpfs /srv
  mkdir /srv/app /srv/data
  mount --bind "$folder/app" /srv/app
  mount --bind "$folder/data" /srv/data
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
    env --ignore-environment PATH="$PATH" HOME=/nonexistent CATALOGIZER_HOME=/srv/data Catalogizer__DataDirectory=/srv/data \
    DOTNET_GCgen0size=2000000 ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://+:8080 "${secret[@]}" "$@" /srv/app/Catalogizer.Web
' as-image "${settings[@]}"
