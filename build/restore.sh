#!/usr/bin/env bash
# Restores packages in the versions of packages.lock.json; where another one would be taken, it names the package and stops.
# Usage: build/restore.sh PROJECT [ARGUMENT...]   the arguments go to 'dotnet restore'
set -uo pipefail

cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
log=.build/restore.log
mkdir -p .build
dotnet restore "$@" --locked-mode --disable-build-servers -tl:off --verbosity minimal >"$log" 2>&1 </dev/null && exit

# Each reason once, without NuGet's advice. A project is also refused for the changes of those it refers to; those name no package.
reasons=$(sed -nE 's/^.*: error NU(1004|1403): (.+)$/\2/p' "$log" |
  sed -E 's/ *The packages lock file is inconsistent.*//; s/ \[[^]]*proj\]$//' |
  sed -E 's/^The package reference (.+) version has changed from \[(.+), \) to \[(.+), \)\.?$/\1 would be \3, but packages.lock.json says \2./' |
  grep -vE '^Mis.*match|^The project references ' | sort -u | awk '
    # Packages that came or went are told as two whole lists.
    match($0, /Lock file.s package references: .*, project.s package references: /) {
      split(substr($0, RSTART, RLENGTH), locked, "references: ")
      sub(/, project.*/, "", locked[2])
      gsub(/:\[/, " >= ", locked[2])
      gsub(/, \)/, "", locked[2])
      wanted = substr($0, RSTART + RLENGTH)
      sub(/\.$/, "", wanted)
      tell(wanted, locked[2], " is wanted, but not in packages.lock.json.")
      tell(locked[2], wanted, " is in packages.lock.json, but not wanted.")
      next
    }
    { print }
    function tell(some, others, what,    names, i, n) {
      n = split(some, names, ", ")
      for (i = 1; i <= n; i++)
        if (index(", " others ", ", ", " names[i] ", ") == 0) { sub(/ >= /, " ", names[i]); print names[i] what }
    }')
if [ -z "$reasons" ]; then
  cat "$log" >&2
  echo "The packages could not be restored; the lines above are in $PWD/$log too." >&2
  exit 1
fi

printf '%s\n' "$reasons" >&2
locked=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' global.json)
used=$(dotnet --version)
[ "$used" = "$locked" ] || echo "The packages were locked with the .NET SDK $locked, and this is $used, which brings packages of its own." >&2
echo "Nothing was built. If the change is intended, 'dotnet restore Catalogizer.sln' writes new lock files." >&2
exit 1
