"""The five likeliest classes of nine photographs by EfficientNet-Lite0 with its published weights.

    ./fetch_real_weights.sh FOLDER
    python make_real_classes.py FOLDER

torch 2.13.0+cpu, pillow 13.0.0, efficientnet-lite-pytorch 0.1.0. Writes real_classes.json.
"""

import hashlib
import json
import pathlib
import sys

import numpy
import torch
from PIL import Image

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
from efficientnet_lite_pytorch import EfficientNet

WEIGHTS = "efficientnet-lite0-57934424.pth"
model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(folder / WEIGHTS)).eval()


def pixels(image):
    """The shorter side to 256, the middle 224 x 224, (x - 127) / 128."""
    width, height = image.size
    short = min(width, height)
    size = (256, int(256 * height / width)) if width == short else (int(256 * width / height), 256)
    image = image.resize(size, Image.BICUBIC)
    left, top = (size[0] - 224) // 2, (size[1] - 224) // 2
    image = image.crop((left, top, left + 224, top + 224))
    array = (numpy.asarray(image, dtype=numpy.float32) - 127) / 128
    return torch.from_numpy(array).permute(2, 0, 1)[None]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


photos = {}
with torch.no_grad():
    for path in sorted((folder / "photos").iterdir()):
        scores = model(pixels(Image.open(path).convert("RGB"))).softmax(1)[0]
        best = scores.topk(5)
        photos[path.name] = {
            "sha256": digest(path), "rows": best.indices.tolist(),
            "scores": [round(score, 6) for score in best.values.tolist()]}
result = {"weights": WEIGHTS, "sha256": digest(folder / WEIGHTS), "photos": photos}
pathlib.Path("real_classes.json").write_text(json.dumps(result, indent=1) + "\n")
