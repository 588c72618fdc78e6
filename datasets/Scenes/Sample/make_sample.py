"""Draws the sample: six kinds of shapes with transparent surroundings, and backgrounds.

Needs Pillow. Run in this folder; the files are committed.
"""
import random
import zipfile
from PIL import Image, ImageDraw

SIDE = 36
TONES = {"red": (205, 30, 35), "blue": (40, 80, 205), "green": (45, 150, 55),
         "yellow": (238, 212, 40), "gray": (136, 136, 138), "white": (243, 243, 243)}


def cut_out(shape, tone):
    large = Image.new("RGBA", (4 * SIDE, 4 * SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(large)
    s, colour = 4 * SIDE, TONES[tone] + (255,)
    if shape == "ball":
        draw.ellipse([8, 8, s - 8, s - 8], fill=colour)
    elif shape == "box":
        draw.rectangle([16, 16, s - 16, s - 16], fill=colour)
    elif shape == "roof":
        draw.polygon([(s // 2, 8), (s - 4, s - 12), (4, s - 12)], fill=colour)
    elif shape == "cross":
        draw.rectangle([s // 3, 4, 2 * s // 3, s - 4], fill=colour)
        draw.rectangle([4, s // 3, s - 4, 2 * s // 3], fill=colour)
    elif shape == "kite":
        draw.polygon([(s // 2, 4), (s - 12, s // 2), (s // 2, s - 4), (12, s // 2)], fill=colour)
    else:
        draw.ellipse([8, 8, s - 8, s - 8], fill=colour)
        draw.ellipse([s // 3, s // 3, 2 * s // 3, 2 * s // 3], fill=(0, 0, 0, 0))
    return large.resize((SIDE, SIDE), Image.BOX)


def background(seed):
    generator = random.Random(seed)
    coarse = Image.new("RGB", (6, 6))
    coarse.putdata([tuple(generator.randrange(40, 216) for _ in range(3)) for _ in range(36)])
    return coarse.resize((80, 64), Image.BICUBIC)


KINDS = {"ball": ["red", "blue", "green"], "box": ["yellow", "green"], "roof": ["red", "gray"],
         "cross": ["white", "blue", "red"], "kite": ["yellow", "blue"], "ring": ["gray", "green"]}
for kind, tones in KINDS.items():
    for tone in tones:
        if kind not in ("kite", "ring"):
            cut_out(kind, tone).save(f"cutouts/{kind}-{tone}.png", optimize=True)
with zipfile.ZipFile("more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for kind in ("kite", "ring"):
        for tone in KINDS[kind]:
            entry = zipfile.ZipInfo(f"{kind}/{tone}.png")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                cut_out(kind, tone).save(file, "PNG", optimize=True)
for number in range(5):
    background(number).save(f"backgrounds/{number}.png", optimize=True)
