#!/usr/bin/env bash
# Builds the program with everything it needs and publishes it.
# Usage: build/publish.sh OUTPUT
# Both ./run and the Dockerfile build with this, so that what runs here is what the image holds.
set -euo pipefail

output=$(realpath --canonicalize-missing "$1")
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
. build/needs.sh
need_sdk

# The library comes first, by itself: only here can a package be asked for where the question is seen.
Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh .build/native/libe_sqlcipher.so

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
log=.build/publish.log
build/restore.sh Catalogizer.Web -p:PublishReadyToRun=true
echo "Building Catalogizer: under a minute as a rule, a few minutes the first time." >&2
# Compiled ahead of time for this machine, which halves the time to the first page.
case "$(uname -m)" in aarch64 | arm64) machine=linux-arm64 ;; *) machine=linux-x64 ;; esac
# No build server stays behind: this runs once in a while, on machines that have better uses for their memory.
if ! dotnet publish Catalogizer.Web --no-restore --configuration Release --output "$output" --no-self-contained \
    --runtime "$machine" -p:PublishReadyToRun=true -p:UseAppHost=false \
    --disable-build-servers -tl:off --verbosity minimal >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "The build failed; the lines above are in $PWD/$log too." >&2
  exit 1
fi
