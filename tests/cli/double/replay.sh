#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stands in for a target's replay binary: same options, same exit codes.
set -euo pipefail
case "${1-}" in
  --encode)
    echo "$#" >>"$0.encoded" # how often it was called, and for how many
    while [ $# -gt 0 ]; do
      if line=$(grep -n "say typo" "$2"); then
        echo "$2:${line%%:*}:3: expected a step, got \"typo\"" >&2
        exit 2
      fi
      tail -n +2 "$2" >"$4"
      shift 4
    done
    ;;
  --record)
    # Some deaths have their cause outside.
    if [ "$(basename "$0")" = lost_replay ]; then exit 0; fi
    finding=$FORMFUZZ_FINDINGS_DIR/crashed-$(cksum <"$2" | cut -c 1-8)
    mkdir -p "$finding"
    cp "$2" "$finding/input"
    printf 'scenario double\n' >"$finding/scenario.txt"
    printf '{"target": "dying", "kind": "crashed", "message": "died"}' \
      >"$finding/finding.json"
    echo "$finding"
    exit 77
    ;;
  --tmin)
    head -c 2 "$2" >"$4"
    echo "violated: NeverSpelt (it was spelt)"
    echo "1  alice  spells FZ    ok   <- NeverSpelt: it was spelt"
    ;;
  --show) echo "shown $2 as $4" ;;
  --faults)
    # One call fails in a way that matters, if there is an F to be found.
    found=0
    if grep -rq F "${@:7}"; then
      mkdir -p "$FORMFUZZ_FINDINGS_DIR/leaked-0001"
      echo F >"$FORMFUZZ_FINDINGS_DIR/leaked-0001/input"
      printf '{"target": "double", "kind": "leaked", "message": "lost"}' \
        >"$FORMFUZZ_FINDINGS_DIR/leaked-0001/finding.json"
      found=1
    fi
    echo "{\"inputs\": 1, \"points\": 2, \"calls\": 30, \"executions\": $4,
      \"left_out\": 5, \"findings\": $found, \"unrepeated\": 0,
      \"harness_broken\": 0}"
    if [ $found = 1 ]; then exit 77; fi
    ;;
  --migrate) ;; # it has no schema that could change
  --twice) echo "twice over $#" ;;
  *)
    for input; do
      echo "replayed $(basename "$input")"
      if grep -q FZ "$input"; then exit 77; fi
    done
    ;;
esac
