"""Writes augmentation.json: sizes and boxes by DETR's rules, and colours by Pillow.

Ran with Python 3.11 and Pillow 13.0.0:
    python make_augmentation.py
The rules are those of DETR's datasets/transforms.py (resize, crop and their boxes), written out here
without torch; colours are changed by what torchvision's adjust_brightness, adjust_contrast,
adjust_saturation and adjust_hue call for Pillow's pictures.
"""
import base64
import json
import os
import random

from PIL import Image, ImageEnhance

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(11)


def aspect_size(w, h, size, max_size=None):
    if max_size is not None:
        least, most = float(min(w, h)), float(max(w, h))
        if most / least * size > max_size:
            size = int(round(max_size * least / most))
    if (w <= h and w == size) or (h <= w and h == size):
        return w, h
    return (size, int(size * h / w)) if w < h else (int(size * w / h), size)


def resized(size, boxes, new):
    rw, rh = new[0] / size[0], new[1] / size[1]
    return [[x * rw, y * rh, u * rw, v * rh] for x, y, u, v in boxes]


def cropped(boxes, left, top, w, h):
    return [
        [min(max(x - left, 0), w), min(max(y - top, 0), h), min(max(u - left, 0), w),
         min(max(v - top, 0), h)]
        for x, y, u, v in boxes
    ]


def pipeline():
    size = random.randint(60, 900), random.randint(60, 900)
    boxes = []
    for _ in range(random.randint(1, 6)):
        x, y = random.randint(0, size[0] - 2), random.randint(0, size[1] - 2)
        boxes.append([x, y, random.randint(x + 1, size[0]), random.randint(y + 1, size[1])])
    case = {"size": size, "boxes": boxes}
    large = aspect_size(*size, random.choice([400, 500, 600]))
    w = random.randint(min(384, large[0]), min(600, large[0]))
    h = random.randint(min(384, large[1]), min(600, large[1]))
    left, top = random.randint(0, large[0] - w), random.randint(0, large[1] - h)
    short, longest = random.choice(range(480, 801, 32)), 1333
    last = aspect_size(w, h, short, longest)
    boxes = cropped(resized(size, boxes, large), left, top, w, h)
    kept = [i for i, (x, y, u, v) in enumerate(boxes) if u > x and v > y]
    boxes = resized((w, h), [boxes[i] for i in kept], last)
    return case | {
        "large": large, "part": [left, top, w, h], "short": short, "longest": longest,
        "last": last, "kept": kept, "result": boxes,
    }


def adjust_hue(image, turn):
    h, s, v = image.convert("HSV").split()
    step = int(turn * 255) % 256
    return Image.merge("HSV", (h.point(lambda p: (p + step) % 256), s, v)).convert("RGB")


ADJUST = {
    "brightness": lambda image, x: ImageEnhance.Brightness(image).enhance(x),
    "contrast": lambda image, x: ImageEnhance.Contrast(image).enhance(x),
    "saturation": lambda image, x: ImageEnhance.Color(image).enhance(x),
    "hue": adjust_hue,
}


def colours():
    pixels = bytes(random.randrange(256) for _ in range(3 * 40 * 25))
    pixels += bytes(v for v in range(0, 250, 10) for _ in range(3))  # greys
    image = Image.frombytes("RGB", (41, 25), pixels)
    kept = base64.b64encode(pixels).decode()
    changes = []
    for name, values in {
        "brightness": [0, 0.3, 0.85, 1, 1.4, 3], "contrast": [0, 0.5, 0.9, 1.3, 2.5],
        "saturation": [0, 0.4, 0.75, 1.2, 2], "hue": [-0.5, -0.2, 0.004, 0.1, 0.37, 0.5],
    }.items():
        for value in values:
            result = ADJUST[name](image, value).tobytes()
            changes.append({"change": name, "value": value,
                            "pixels": base64.b64encode(result).decode()})
    return {"pixels": kept, "changes": changes}


sizes = []
for _ in range(300):
    w, h, short = random.randint(1, 2000), random.randint(1, 2000), random.randint(1, 900)
    longest = random.randint(short, 1500)
    if short * min(w, h) >= max(w, h):  # the original fails on thinner ones
        sizes.append([w, h, short, longest, *aspect_size(w, h, short, longest)])
golden = {"sizes": sizes, "pipelines": [pipeline() for _ in range(60)], "colours": colours()}
with open(os.path.join(HERE, "augmentation.json"), "w") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
