#!/usr/bin/env bash
# Kills the program a thousand times, or as often as asked, while it scans, saves edits, migrates and rebuilds, and prints what that cost:
#   build/kill-loop.sh [KILLS] [SEED]
# Build the tests first. The same with fifteen kills is part of ./test, with sixty of ./test --all.
set -uo pipefail

cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." || exit 1
export CATALOGIZER_KILLS=${1-1000} CATALOGIZER_TEST_SEED=${2-$RANDOM}
log=$(mktemp)
echo "Seed $CATALOGIZER_TEST_SEED; what the tests say: $log"
dotnet test Catalogizer.Tests --no-build --filter FullyQualifiedName~Faults.Killed --logger "console;verbosity=detailed" >"$log" 2>&1 </dev/null
status=$?
grep -E '^ *[A-Za-z_]+: kills: ' "$log" | sort -u | sed 's/^ *//' | tee /dev/stderr | awk -F'[:,] ' '
  { for (i = 2; i < NF; i += 2) { name[i] = $i; sum[i] += $(i + 1) } }
  END { for (i = 2; (i in name); i += 2) printf "%s%s: %d", (i > 2 ? ", " : "In all: "), name[i], sum[i]; print "" }'
exit $status
