"""Writes detection.json: COCO's numbers for 240 random sets of boxes.

The boxes themselves are not stored: set i comes from the random key with seed i, the same way here
and in the test. Ran with pycocotools 2.0.11, numpy 2.4.6.   python make_detection.py
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


def make(seed):
    s = Stream(seed)
    images = 1 + s.below(6)
    categories = 1 + s.below(4)
    size = [60, 200, 600][s.below(3)]
    coarse, tied = s.below(2) == 0, s.below(3) == 0
    most = 130 if seed % 40 == 0 else 14

    def number(extent):
        value = s.uniform() * extent
        return float(int(value)) if coarse else value

    truth, found = [], []
    for image in range(1, images + 1):
        for _ in range(s.below(9)):
            category = 1 + s.below(categories)
            x, y = number(size), number(size)
            w, h = number(size * 0.6) + 1, number(size * 0.6) + 1
            area = w * h * (0.5 + s.uniform() * 0.5)
            crowd = int(s.below(8) == 0)
            truth.append((image, category, x, y, w, h, area, crowd))
        mine = [t for t in truth if t[0] == image]
        for _ in range(s.below(most)):
            category = 1 + s.below(categories + 1)  # one category more than the truth has
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
                x, y = number(size), number(size)
                w, h = number(size * 0.6), number(size * 0.6)
            score = s.below(6) / 6 if tied else s.uniform()
            found.append((image, category, x, y, w, h, score))
    return images, categories, truth, found


def evaluate(seed):
    images, categories, truth, found = make(seed)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": i, "width": 2000, "height": 2000} for i in range(1, images + 1)],
            "categories": [{"id": c, "name": str(c)} for c in range(1, categories + 2)],
            "annotations": [
                {"id": i + 1, "image_id": t[0], "category_id": t[1], "bbox": list(t[2:6]),
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
        e.evaluate()
        e.accumulate()
        output.truncate(0), output.seek(0)
        e.summarize()
        lines = output.getvalue()
    return e, lines


sets, curves = [], {}
for seed in range(240):
    e, lines = evaluate(seed)
    sets.append([float(v) for v in e.stats])
    if seed in (3, 40, 77):
        p, s, r = e.eval["precision"], e.eval["scores"], e.eval["recall"]
        curves[seed] = {
            "categories": [int(c) for c in e.params.catIds], "lines": lines,
            "mean_precision": p.mean(axis=1).ravel().tolist(), "recall": r.ravel().tolist(),
            "precision": p[0, :, :, 0, -1].ravel().tolist(),
            "scores": s[0, :, :, 0, -1].ravel().tolist(),
        }
text = json.dumps({"sets": sets, "curves": curves})
(pathlib.Path(__file__).parent / "detection.json").write_text(text + "\n")
