"""Writes detection.json: COCO's numbers for 500 random sets of boxes.

The boxes themselves are not stored: set i comes from the random key with seed i, the same way here
and in the test (RandomBoxes.swift). Of every set there are the twelve numbers and a sum over the
bits of pycocotools' arrays precision, recall and scores; of ten sets the arrays themselves.
Ran with pycocotools 2.0.11, numpy 2.4.6.   python make_detection.py
"""
import contextlib
import io
import json
import pathlib
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

M = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
    return z ^ (z >> 31)


class Stream:
    def __init__(self, seed):
        self.key, self.position = mix((seed + GOLDEN) & M), 0

    def uniform(self):
        word = mix((self.key + self.position * GOLDEN) & M)
        self.position += 1
        return (word >> 40) * 2.0**-24

    def below(self, bound):
        return int(self.uniform() * bound)

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def make(seed):
    s = Stream(seed)
    # Pictures and categories that stay empty occur.
    images = [7 * n + 3 for n in range(1 + s.below(7))]
    categories = [3 * n + 1 for n in range(1 + s.below(5))]
    size = [60, 200, 600][s.below(3)]
    coarse, tied, flat = s.below(2) == 0, s.below(3) == 0, s.below(4) == 0
    most = 130 if seed % 40 == 0 else 14
    limits = [2, 5, 100] if seed % 5 == 4 else [1, 10, 100]

    def number(extent):
        value = s.uniform() * extent
        return float(int(value)) if coarse else value

    def extent():
        return 0.0 if flat and s.below(6) == 0 else number(size * 0.6) + 1

    truth, found = [], []
    for image in images:
        for _ in range(s.below(9)):
            category = categories[s.below(len(categories))]
            x, y, w, h = number(size), number(size), extent(), extent()
            # Areas at the very borders of the ranges occur.
            area = [w * h * (0.5 + s.uniform() * 0.5), 1024.0, 9216.0][max(0, s.below(10) - 7)]
            truth.append((image, category, x, y, w, h, area, int(s.below(8) == 0)))
        mine = [t for t in truth if t[0] == image]
        for _ in range(s.below(most)):
            category = categories[s.below(len(categories))]
            if mine and s.below(3) > 0:
                t = mine[s.below(len(mine))]
                if s.below(4) > 0:
                    category = t[1]
                reach = [0.0, 0.1, 0.4][s.below(3)]
                x = t[2] + (s.uniform() - 0.5) * reach * t[4]
                y = t[3] + (s.uniform() - 0.5) * reach * t[5]
                w = t[4] * (1 + (s.uniform() - 0.5) * reach)
                h = t[5] * (1 + (s.uniform() - 0.5) * reach)
            else:
                x, y, w, h = number(size), number(size), extent(), extent()
            score = s.below(6) / 6 if tied else s.uniform()
            found.append((image, category, x, y, w, h, score))
    s.shuffle(images)
    s.shuffle(truth)
    s.shuffle(found)
    return images, categories, truth, found, limits, 0 if seed % 25 == 0 else 1


def evaluate(seed):
    images, categories, truth, found, limits, first = make(seed)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": i, "width": 2000, "height": 2000} for i in images],
            "categories": [{"id": c, "name": str(c)} for c in categories],
            "annotations": [
                {"id": i + first, "image_id": t[0], "category_id": t[1], "bbox": list(t[2:6]),
                 "area": t[6], "iscrowd": t[7]} for i, t in enumerate(truth)],
        }
        coco.createIndex()
        results = [
            {"image_id": d[0], "category_id": d[1], "bbox": list(d[2:6]), "score": d[6]}
            for d in found]
        if results:
            detected = coco.loadRes(results)
        else:
            detected = COCO()
            detected.dataset = {**coco.dataset, "annotations": []}
            detected.createIndex()
        e = COCOeval(coco, detected, "bbox")
        e.params.maxDets = limits
        e.evaluate()
        e.accumulate()
        output.truncate(0), output.seek(0)
        e.summarize()
        return e, output.getvalue()


def digest(array):
    """The sum of the numbers' bits, each times an odd number that its place decides."""
    bits = np.ascontiguousarray(array).view(np.uint64).ravel()
    places = np.arange(1, len(bits) + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    return int(np.sum(bits * (places ^ (places >> np.uint64(29)) | np.uint64(1)), dtype=np.uint64))


def runs(row):
    """A row of equal numbers after each other as [number, count, number, count ...]."""
    starts = [0, *(np.flatnonzero(np.diff(row)) + 1), len(row)]
    return [x for a, b in zip(starts, starts[1:]) for x in (float(row[a]), int(b - a))]


sets, curves = [], {}
for seed in range(500):
    e, lines = evaluate(seed)
    p, s, r = e.eval["precision"], e.eval["scores"], e.eval["recall"]
    sets.append([float(v) for v in e.stats] + [f"{digest(a):016x}" for a in (p, r, s)])
    if len(curves) < 10 and p.shape[2] in (2, 3) and 0 < e.stats[0] < 0.95:
        distinct = {}
        rows = [distinct.setdefault(json.dumps(runs(row)), len(distinct))
                for row in np.moveaxis(p, 1, -1).reshape(-1, 101)]
        curves[seed] = {
            "lines": lines, "recall": r.ravel().tolist(), "rows": rows,
            "distinct": [json.loads(text) for text in distinct],
        }
text = json.dumps({"sets": sets, "curves": curves}, separators=(",", ":"))
(pathlib.Path(__file__).parent / "detection.json").write_text(text + "\n")
