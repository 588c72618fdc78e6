"""Writes resize.json: pictures resized by Pillow, sizes by the references' rules, normalised pixels.

Ran with Python 3.11, Pillow 12.0.0, NumPy 2.4.6, torch 2.15.0 (float32 arithmetic only):
    python make_resize.py
Every Pillow up to 12 resizes across first. From 13.0.0 on it resizes down first where that is
cheaper, which changes some values by 1; hence the older one.
Sources are made by a linear congruential generator that the test repeats, so only results are kept:
as base64 where small, else as the sum of byte times position (from 1) modulo 2^64.
The size rules are get_size_with_aspect_ratio of DETR's transforms (round) and MMF's ResizeShortest
(floor), written out here from their formulas.
"""
import base64
import json
import math
import os
import random

import numpy as np
import torch
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(5)
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def generated(count, seed):
    out, state = np.empty(count, np.uint8), seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state >> 24
    return out


def resized(width, height, to_width, to_height, name, seed):
    pixels = generated(3 * width * height, seed)
    if seed % 3 == 0:
        pixels = np.where(pixels > 127, 255, 0).astype(np.uint8)  # overshoot of the cubic is cut off
    image = Image.fromarray(pixels.reshape(height, width, 3))
    out = np.array(image.resize((to_width, to_height), FILTERS[name])).reshape(-1)
    case = {"from": [width, height], "to": [to_width, to_height], "filter": name, "seed": seed}
    if out.size <= 900:
        case["pixels"] = base64.b64encode(out.tobytes()).decode()
    position = np.arange(1, out.size + 1, dtype=np.uint64)
    case["sum"] = str(int((out.astype(np.uint64) * position).sum(dtype=np.uint64)))
    return case


def size(width, height, short, longest, rounding):
    least, most = float(min(width, height)), float(max(width, height))
    if most / least * short > longest:
        exact = longest * least / most
        short = int(round(exact)) if rounding == "detr" else int(math.floor(exact))
    if (width <= height and width == short) or (height <= width and height == short):
        return width, height
    if width < height:
        return short, int(short * height / width)
    return int(short * width / height), short


def side(limit):
    return max(1, int(limit ** random.random()))


cases = [resized(*shape, name, seed + 3) for seed, shape in enumerate([
    (1, 1, 7, 5), (5, 1, 1, 4), (1, 9, 3, 2), (16, 16, 16, 16), (16, 12, 16, 5), (16, 12, 9, 12), (2, 2, 17, 19),
    (640, 480, 107, 80), (300, 200, 1, 1), (64, 64, 128, 128), (400, 300, 107, 81), (3, 500, 7, 61)])
    for name in FILTERS]
for seed in range(100, 160):
    for name in FILTERS:
        cases.append(resized(side(90), side(90), side(120), side(120), name, seed))
sizes = []
for _ in range(1500):
    width, height = random.randint(1, 4000), random.randint(1, 4000)
    if random.random() < 0.2:
        height = max(1, min(4000, width + random.randint(-2, 2)))
    short, longest = random.choice([(800, 1333), (480, 1333), (64, 64), (384, 640), (400, 600)])
    detr, edge = (size(width, height, short, longest, r) for r in ("detr", "shortestEdge"))
    if min(detr + edge) > 0:
        sizes.append([width, height, short, longest, *detr, *edge])
pixels = generated(3 * 7 * 5, 1).reshape(5, 7, 3)
planes = torch.from_numpy(pixels).permute(2, 0, 1).contiguous().to(torch.float32).div(255)
mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
planes = planes.sub(mean[:, None, None]).div(deviation[:, None, None])
bits = planes.numpy().reshape(-1).view(np.uint32).tolist()
with open(os.path.join(HERE, "resize.json"), "w") as file:
    json.dump({"resized": cases, "sizes": sizes, "normalizedBits": bits}, file, separators=(",", ":"))
