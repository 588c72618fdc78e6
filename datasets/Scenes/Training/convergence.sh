#!/usr/bin/env bash
# How many epochs a detector needs to an AP50 of 0.3 on scenes with backgrounds that it never saw:
# with DETR's queries, with denoising (DN-DETR), with groups of queries (Group DETR) and with
# reference boxes, three seeds each.
#
#   datasets/Scenes/Training/convergence.sh [--epochs 20] [--seeds "1 2 3"] [--ways "plain dn"]
#
# Needs a built program, the published encoder that fetch_data.sh brings, and the Debian packages of
# which scenes are made (see datasets/Scenes/Recipes/debian.yaml). A run that was done is not done
# again; the table goes to standard output, the runs to data/convergence/runs.
set -euo pipefail
cd "$(dirname "$0")/../../.."
epochs=20 seeds="1 2 3" ways="plain dn groups boxes boxes+dn+groups"
while [ $# -gt 1 ]; do
  case "$1" in
  --epochs) epochs=$2 ;;
  --seeds) seeds=$2 ;;
  --ways) ways=$2 ;;
  *) echo "unknown option $1" >&2 && exit 64 ;;
  esac
  shift 2
done
unit=${UNIT:-.build/release/unit}
recipe=datasets/Scenes/Training/convergence.yaml
data=data/convergence
[ -x "$unit" ] || { echo "build the program first: swift build -c release" >&2; exit 1; }
[ -f $data/train/instances.json ] || {
  more=()
  [ -d data/backgrounds ] && more=(--backgrounds data/backgrounds)
  "$unit" data scenes --output $data/train --count 8000 --size 224 --seed 21 --format jpeg \
    "${more[@]}"
}
[ -f $data/validation/instances.json ] || "$unit" data scenes --output $data/validation \
  --count 400 --size 224 --seed 21 --split validation --format jpeg

# The model of a way: that of convergence.json with further entries of its task.
model() {
  local dn='"denoising": {"groups": 5, "label_noise": 0.2, "box_noise": 0.4}'
  local groups='"query_groups": 3' boxes='"reference_boxes": true' entries=""
  case "$1" in *dn*) entries+="$dn, " ;; esac
  case "$1" in *groups*) entries+="$groups, " ;; esac
  case "$1" in *boxes*) entries+="$boxes, " ;; esac
  sed "s/\"queries\": 20,/\"queries\": 20, $entries/" datasets/Scenes/Training/convergence.json
}

# The epochs until the goal was reached, and the best AP50: "3.5 0.312", or "- 0.113".
reached() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "detection/AP50") column = i; next }
    $column > best { best = $column }
    first == "" && $column >= 0.3 { first = $1 / 500 }
    END { printf "%s %.3f\n", first == "" ? "-" : first, best }' "$1"
}

mkdir -p $data/models $data/runs
for seed in $seeds; do
  for way in $ways; do
    run=$data/runs/$way-$seed
    [ -f "$run/done" ] && continue
    model "$way" >"$data/models/$way.json"
    rm -rf "$run"
    "$unit" train $recipe --set "model=$PWD/$data/models/$way.json" --set "seed=$seed" \
      --set "steps=$((epochs * 500))" --output "$run" --features $data/features --quiet &
    training=$!
    trap 'kill $training 2>/dev/null || true' EXIT
    # Training ends where the goal is reached.
    while kill -0 $training 2>/dev/null; do
      if [ -f "$run/results.csv" ] && [ "$(reached "$run/results.csv" | cut -c1)" != - ]; then
        kill -INT $training
        break
      fi
      sleep 2
    done
    wait $training || true
    trap - EXIT
    [ -f "$run/results.csv" ] || { echo "$run ended without a result" >&2; exit 1; }
    touch "$run/done"
    echo "$way, seed $seed: $(reached "$run/results.csv")" >&2
  done
done

echo "| queries | epochs to AP50 0.3 (seeds $seeds) | best AP50 |"
echo "|---|---|---|"
for way in $ways; do
  line="| $way |" best=""
  for seed in $seeds; do
    read -r first most < <(reached "$data/runs/$way-$seed/results.csv")
    line+=" $first," best+=" $most,"
  done
  echo "${line%,} |${best%,} |"
done
