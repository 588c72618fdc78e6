"""Writes vilt_pixels.json: sizes and pixels that Hugging Face's ViltImageProcessor makes.

Ran with Python 3.11, transformers 4.57.6, Pillow 13.0.0, NumPy 2.4.6:
    python make_vilt_pixels.py
Sources are made by the linear congruential generator that the test repeats. Of each result its
size, the mean over all values, and 64 values are kept; a value v in -1...1 as round((v + 1) * 127.5).
"""
import base64
import json
import os
import random

import numpy as np
from PIL import Image
from transformers.models.vilt.image_processing_vilt import (
    ViltImageProcessor, get_resize_output_image_size)

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = 64
random.seed(13)
processor = ViltImageProcessor()


def generated(count, seed):
    out, state = np.empty(count, np.uint8), seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = state >> 24
    return out


def sides():
    width, height = random.randint(1, 4000), random.randint(1, 4000)
    if random.random() < 0.2:
        height = max(1, width + random.randint(-2, 2))
    return width, height


sizes = []
while len(sizes) < 1000:
    width, height = sides()
    short, divisor = random.choice([(384, 32), (384, 32), (224, 32), (96, 16), (65, 7)])
    blank = np.broadcast_to(np.uint8(0), (height, width, 3))
    longest = int(1333 / 800 * short)
    to = get_resize_output_image_size(blank, short, longest, divisor, "channels_last")
    if min(to) > 0:
        sizes.append([width, height, short, longest, divisor, to[1], to[0]])

pixels = []
while len(pixels) < 200:
    width, height = random.randint(8, 260), random.randint(8, 260)
    if max(width, height) / min(width, height) > 15:
        continue
    seed = len(pixels) + 1
    picture = Image.fromarray(generated(3 * width * height, seed).reshape(height, width, 3))
    found = processor(picture, return_tensors="np")
    values = found["pixel_values"][0]
    assert found["pixel_mask"].all()
    places = np.arange(SAMPLES) * 7919 * 613 % values.size
    bytes_ = np.rint((values.reshape(-1)[places] + 1) * 127.5).astype(np.uint8)
    pixels.append({
        "from": [width, height], "to": [values.shape[2], values.shape[1]],
        "mean": round(float(values.astype(np.float64).mean()), 7),
        "samples": base64.b64encode(bytes_.tobytes()).decode()})
with open(os.path.join(HERE, "vilt_pixels.json"), "w") as file:
    json.dump({"sizes": sizes, "pixels": pixels}, file, separators=(",", ":"))
