#!/usr/bin/env bash
# Runs the tests again and again and stops at nothing: shows whether they are steady.
# Usage: build/test-repeatedly.sh FAST WHOLE [FOLDER]
#   FAST    how many times ./test --fast
#   WHOLE   how many times ./test after that
#   FOLDER  where each run's log goes; .build/test-repeatedly unless given
# Each run has a seed of its own. Ends with 1 when a run had a failure.
set -uo pipefail

cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.." || exit 1
fast=${1:?Usage: build/test-repeatedly.sh FAST WHOLE [FOLDER]} whole=${2:?Usage: build/test-repeatedly.sh FAST WHOLE [FOLDER]}
folder=${3:-.build/test-repeatedly}
rm -rf "$folder"
mkdir -p "$folder"

unsteady=0
# repeat NAME TIMES ARGUMENT...: runs ./test with the arguments, a line for each run.
repeat() {
  local name=$1 times=$2 run seed started log
  shift 2
  for ((run = 1; run <= times; run++)); do
    seed=$((RANDOM * 32768 + RANDOM)) seed=${seed:0:9} started=$SECONDS log=$folder/$name-$run.log
    ./test "$@" --seed "$seed" >"$log" 2>&1 || unsteady=1
    echo "$name $run of $times, seed $seed: $(tail -n 1 "$log") in $((SECONDS - started)) s, load $(cut -d' ' -f1 /proc/loadavg)" | tee -a "$folder/runs.txt"
  done
}

repeat fast "$fast" --fast
repeat whole "$whole"
exit $unsteady
