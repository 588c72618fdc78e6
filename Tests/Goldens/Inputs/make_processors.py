"""Writes processors.json: sizes and pixels that Hugging Face's slow image processors make.

Ran with Python 3.11, transformers 4.57.6, Pillow 12.0.0, NumPy 2.4.6:
    python make_processors.py
Sources, and the sizes of the 10,000 pictures, are made by the linear congruential generator that
the test repeats. Of the sizes the first 500 are kept, and of all of them the sum of value times
position (from 1) modulo 2^64, by either rule. Of each result its size, the mean of every channel
and 64 values are kept, the values as the base64 of float32 numbers in little endian.
Of the other filters' pictures the sum is kept. (From Pillow 13.0.0 on the order of the two
directions changed: hence the older one.)
DETR's own rule is get_size_with_aspect_ratio of its transforms, written out from its formula.
"""
import base64
import json
import os

import numpy as np
from PIL import Image
from transformers import (
    BitImageProcessor, CLIPImageProcessor, ConditionalDetrImageProcessor, ConvNextImageProcessor,
    DeiTImageProcessor, DetrImageProcessor, ViTImageProcessor)
from transformers.models.detr.image_processing_detr import get_size_with_aspect_ratio

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = 64
BOUNDS = [(800, 1333), (480, 1333), (64, 64), (384, 640), (400, 600)]


class Generator:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state

    def below(self, limit):
        return (self.next() >> 8) % limit


def detr(width, height, short, longest):
    least, most = min(width, height), max(width, height)
    if most / least * short > longest:
        short = int(round(longest * least / most))
    if least == short:
        return width, height
    if width < height:
        return short, int(short * height / width)
    return int(short * width / height), short


def sizes():
    generator, kept, position = Generator(7), [], 0
    sums = {"detr": 0, "huggingFace": 0}
    for index in range(10_000):
        width, height = 40 + generator.below(3960), 40 + generator.below(3960)
        if generator.below(5) == 0:
            height = max(40, width + generator.below(5) - 2)
        short, longest = BOUNDS[generator.below(len(BOUNDS))]
        by_detr = detr(width, height, short, longest)
        by_hf = get_size_with_aspect_ratio((height, width), short, longest)[::-1]
        for place in range(2):
            position += 1
            sums["detr"] = (sums["detr"] + by_detr[place] * position) % 2**64
            sums["huggingFace"] = (sums["huggingFace"] + by_hf[place] * position) % 2**64
        if index < 500:
            kept.append([width, height, short, longest, *by_detr, *by_hf])
    return {"kept": kept, "sums": {name: str(value) for name, value in sums.items()}}


def generated(count, seed):
    generator = Generator(seed)
    return np.array([generator.next() >> 24 for _ in range(count)], np.uint8)


def pixels(processor, settings, width, height, seed):
    picture = Image.fromarray(generated(3 * width * height, seed).reshape(height, width, 3))
    values = processor(**settings)(picture, return_tensors="np")["pixel_values"][0]
    places = np.arange(SAMPLES) * 7919 * 613 % values.size
    samples = values.reshape(-1)[places].astype("<f4")
    return {
        "config": json.dumps({"image_processor_type": processor.__name__, **settings}),
        "from": [width, height], "seed": seed, "to": [values.shape[2], values.shape[1]],
        "means": [round(float(m), 6) for m in values.astype(np.float64).mean(axis=(1, 2))],
        "samples": base64.b64encode(samples.tobytes()).decode()}


def cases():
    generator, made = Generator(11), []
    detrs = [
        {"size": {"shortest_edge": 48, "longest_edge": 80}},
        {"size": {"shortest_edge": 120, "longest_edge": 150}, "resample": 3},
        {"size": {"shortest_edge": 33, "longest_edge": 200}, "resample": 2},
        {"size": {"max_height": 70, "max_width": 90}, "resample": 3},
        {"size": {"height": 57, "width": 83}, "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 0.5, 2]},
        {"size": 40, "max_size": 71},
        {"size": {"shortest_edge": 60, "longest_edge": 61}, "resample": 1},
        {"size": {"shortest_edge": 60, "longest_edge": 100}, "resample": 0},
        {"size": {"shortest_edge": 90, "longest_edge": 100}, "resample": 4},
        {"size": {"shortest_edge": 50, "longest_edge": 100}, "resample": 5},
        {"do_resize": False, "do_normalize": False},
        {"size": {"shortest_edge": 45, "longest_edge": 75}, "rescale_factor": 0.01, "do_normalize": True},
        {"size": {"shortest_edge": 45, "longest_edge": 75}, "do_rescale": False, "do_normalize": False},
    ]
    for index in range(200):
        settings = detrs[index % len(detrs)]
        kind = ConditionalDetrImageProcessor if index % 7 == 3 else DetrImageProcessor
        made.append(pixels(kind, settings, 10 + generator.below(150), 10 + generator.below(150), index + 1))
    others = [
        (ConvNextImageProcessor, {"size": {"shortest_edge": 56}, "crop_pct": 0.875, "resample": 3}),
        (ConvNextImageProcessor, {"size": {"shortest_edge": 384}}),
        (ConvNextImageProcessor, {"size": {"shortest_edge": 37}}),
        (BitImageProcessor, {"size": {"shortest_edge": 32}, "crop_size": {"height": 28, "width": 40}}),
        (BitImageProcessor, {"size": {"shortest_edge": 50}, "crop_size": {"height": 61, "width": 30}}),
        (CLIPImageProcessor, {"size": {"shortest_edge": 44}, "crop_size": 44}),
        (ViTImageProcessor, {"size": {"height": 48, "width": 64}}),
        (ViTImageProcessor, {"size": 32, "resample": 2, "image_mean": 0.25, "image_std": 0.5}),
        (DeiTImageProcessor, {"size": {"height": 64, "width": 64}, "crop_size": {"height": 56, "width": 56}}),
        (DeiTImageProcessor, {"size": {"height": 40, "width": 40}, "do_center_crop": False}),
    ]
    for index in range(40):
        kind, settings = others[index % len(others)]
        made.append(pixels(kind, settings, 10 + generator.below(150), 10 + generator.below(150), index + 301))
    return made


def filters():
    generator, made = Generator(13), []
    for index in range(100):
        name = ["nearest", "lanczos", "box", "hamming"][index % 4]
        width, height, *to = (1 + generator.below(90) for _ in range(4))
        pixels = generated(3 * width * height, index + 1).reshape(height, width, 3)
        found = np.array(Image.fromarray(pixels).resize(to, Image.Resampling[name.upper()]))
        place = np.arange(1, found.size + 1, dtype=np.uint64)
        total = (found.reshape(-1).astype(np.uint64) * place).sum(dtype=np.uint64)
        made.append({
            "filter": name, "from": [width, height], "to": to, "seed": index + 1,
            "sum": str(int(total))})
    return made


with open(os.path.join(HERE, "processors.json"), "w") as file:
    json.dump({"sizes": sizes(), "pixels": cases(), "filters": filters()}, file, separators=(",", ":"))
