#!/usr/bin/env bash
# Makes the data of datasets/Scenes/Training/miniature.yaml in data/miniature beside Package.swift.
#
#   datasets/Scenes/Training/make_miniature.sh [--scenes 6000]
#
# Needs a built program and the Debian packages of which scenes are made (see
# datasets/Scenes/Recipes/debian.yaml); the published encoders are those that fetch_data.sh brings.
set -euo pipefail
cd "$(dirname "$0")/../../.."
count=6000
[ "${1:-}" = --scenes ] && count=$2
unit=.build/release/unit
[ -x "$unit" ] || { echo "build the program first: swift build -c release" >&2; exit 1; }
"$unit" data scenes --output data/miniature/train --count "$count" --size 256 --seed 1 \
  --texts 20000 --format jpeg
"$unit" data scenes --output data/miniature/validation --count 500 --size 256 --seed 1 \
  --texts 1000 --split validation --format jpeg
