"""Makes the pictures and questions of this folder, in the layout of easy-VQA: eight pictures of its
kind that are not part of it. Needs Python 3 alone: python3 make_sample.py

Each picture is drawn at 128x128 without smoothing and halved with a triangle filter, as the
dataset's own were, so that the reader's exact boxes can be tested without the dataset."""
import json
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent
COLOURS = {
    "black": (0, 0, 0), "gray": (128, 128, 128), "red": (255, 0, 0), "green": (0, 255, 0),
    "blue": (0, 0, 255), "yellow": (255, 255, 0), "teal": (0, 128, 128), "brown": (165, 42, 42)}
ANSWERS = ["circle", "green", "red", "gray", "yes", "teal", "black", "rectangle", "yellow",
           "triangle", "brown", "blue", "no"]
# split, shape, colour, background, box at double size (left, top, right, bottom; right/bottom out)
PICTURES = [
    ("train", "rectangle", "blue", (250, 240, 233), (52, 73, 112, 122)),
    ("train", "circle", "teal", (231, 246, 239), (30, 20, 71, 61)),
    ("train", "triangle", "red", (244, 244, 255), (61, 66, 110, 108)),
    ("train", "rectangle", "brown", (243, 230, 247), (0, 0, 44, 57)),
    ("train", "circle", "black", (236, 255, 250), (87, 87, 128, 128)),
    ("train", "triangle", "yellow", (255, 251, 235), (1, 90, 44, 128)),
    ("test", "rectangle", "gray", (230, 240, 250), (20, 33, 47, 75)),
    ("test", "circle", "green", (249, 233, 233), (45, 50, 90, 95))]


def covers(shape, box, x, y):
    left, top, right, bottom = box
    if not (left <= x < right and top <= y < bottom):
        return False
    if shape == "rectangle":
        return True
    u = (x + 0.5 - left) / (right - left) * 2 - 1
    v = (y + 0.5 - top) / (bottom - top) * 2 - 1
    if shape == "circle":
        return u * u + v * v <= 1.02
    # The tip is two pixels wide at least, the base reaches both sides.
    return abs(u) <= max((v + 1) / 2 + 1 / (right - left), 2 / (right - left))


def halved(values):
    """Halves a list of numbers with the triangle filter 1 3 3 1, cut off at the ends."""
    result = []
    for k in range(len(values) // 2):
        taps = [(2 * k - 1 + i, weight) for i, weight in enumerate((1, 3, 3, 1))]
        taps = [(i, weight) for i, weight in taps if 0 <= i < len(values)]
        result.append(sum(values[i] * w for i, w in taps) / sum(w for _, w in taps))
    return result


def picture(shape, colour, background, box):
    mask = [[float(covers(shape, box, x, y)) for x in range(128)] for y in range(128)]
    rows = [halved(row) for row in mask]
    columns = [halved([row[x] for row in rows]) for x in range(64)]
    fill = COLOURS[colour]
    return [[tuple(int(b + columns[x][y] * (f - b) + 0.5) for b, f in zip(background, fill))
             for x in range(64)] for y in range(64)]


def png(pixels):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    raw = b"".join(b"\0" + bytes(c for pixel in row for c in pixel) for row in pixels)
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b""))


def questions(shape, colour, number):
    other_shape = {"circle": "triangle", "triangle": "rectangle", "rectangle": "circle"}[shape]
    other_colour = "red" if colour != "red" else "teal"
    return [
        ["what shape is in the image?", shape, number],
        [f"what is the {colour} shape?", shape, number],
        [f"what color is the {shape}?", colour, number],
        [f"is there a {shape}?", "yes", number],
        [f"does the image contain a {other_shape}?", "no", number],
        [f"is there not a {other_shape} in the image?", "yes", number],
        [f"is no {colour} shape present?", "no", number],
        [f"does the image not contain a {other_colour} shape?", "yes", number]]


def main():
    (HERE / "answers.txt").write_text("".join(answer + "\n" for answer in ANSWERS))
    for split in ("train", "test"):
        images = HERE / split / "images"
        images.mkdir(parents=True, exist_ok=True)
        asked = []
        for number, (_, shape, colour, background, box) in enumerate(
                entry for entry in PICTURES if entry[0] == split):
            (images / f"{number}.png").write_bytes(png(picture(shape, colour, background, box)))
            asked += questions(shape, colour, number)
        lines = ",\n".join(json.dumps(entry) for entry in asked)
        (HERE / split / "questions.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
