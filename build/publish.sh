#!/usr/bin/env bash
# Builds the program with everything it needs and publishes it.
# Usage: build/publish.sh [--self-contained] OUTPUT
#   --self-contained   brings .NET along, compiled as one with the program: for the image. It starts faster, takes three times
#                      the space and minutes to build.
# Both ./run and the Dockerfile build with this.
set -euo pipefail

# Compiled ahead of time for this machine, which halves the time to the first page.
properties=(-p:PublishReadyToRun=true)
if [ "$1" = --self-contained ]; then
  shift
  kind=--self-contained
  properties+=(-p:SelfContained=true -p:PublishReadyToRunComposite=true)
  patience="several minutes, since .NET is compiled along with it"
else
  kind=--no-self-contained
  properties+=(-p:UseAppHost=false)
  patience="under a minute as a rule, a few minutes the first time"
fi
case "$(uname -m)" in aarch64 | arm64) machine=linux-arm64 ;; *) machine=linux-x64 ;; esac
output=$(realpath --canonicalize-missing "$1")
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
. build/needs.sh
need_sdk

# The library comes first, by itself: only here can a package be asked for where the question is seen.
Catalogizer.Domain/Storage/Sqlite/native/build-sqlcipher.sh .build/native/libe_sqlcipher.so

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
log=.build/publish.log
build/restore.sh Catalogizer.Web "${properties[@]}"
echo "Building Catalogizer: $patience." >&2
# No build server stays behind: this runs once in a while, on machines that have better uses for their memory.
if ! dotnet publish Catalogizer.Web --no-restore --configuration Release --output "$output" $kind \
    --runtime "$machine" "${properties[@]}" --disable-build-servers -tl:off --verbosity minimal >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "The build failed; the lines above are in $PWD/$log too." >&2
  exit 1
fi
