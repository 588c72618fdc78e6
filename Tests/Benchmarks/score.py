"""Race of `unit score detection` against pycocotools, and its memory on a large file. See README.md.

    python score.py --unit ../../.build/release/unit [--rounds 5] [race|memory|all]

Both sides run in turns, A B A B, on the same two files: 5,000 pictures with 100 boxes each, 80
categories, and about seven objects a picture. Only the opponent's processes need pycocotools.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

OPPONENT = """
import contextlib, io, json, sys, time
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
with contextlib.redirect_stdout(io.StringIO()) as output:
    truth = COCO(sys.argv[1])
    start = time.perf_counter()
    evaluation = COCOeval(truth, truth.loadRes(sys.argv[2]), "bbox")
    loaded = time.perf_counter()
    evaluation.evaluate()
    evaluation.accumulate()
    done = time.perf_counter()
    evaluation.summarize()
print(json.dumps({"whole": done - start, "evaluation": done - loaded,
                  "stats": evaluation.stats.tolist()}))
"""


def objects(rng, pictures, classes):
    """About seven objects in each picture, as COCO has them."""
    for picture in range(1, pictures + 1):
        for _ in range(rng.randrange(15)):
            w, h = 2 ** rng.uniform(2, 9), 2 ** rng.uniform(2, 9)
            box = [round(rng.uniform(0, 600), 2), round(rng.uniform(0, 400), 2),
                   round(w, 2), round(h, 2)]
            yield picture, rng.randrange(classes) + 1, box


def write(folder, pictures=5000, boxes=100, classes=80):
    rng = random.Random(0)
    truth = [{"id": number + 1, "image_id": picture, "category_id": category, "bbox": box,
              "area": box[2] * box[3] * 0.7, "iscrowd": int(rng.random() < 0.01)}
             for number, (picture, category, box) in enumerate(objects(rng, pictures, classes))]
    by_picture = {}
    for item in truth:
        by_picture.setdefault(item["image_id"], []).append(item)
    found = []
    for picture in range(1, pictures + 1):
        for _ in range(boxes):
            mine = by_picture.get(picture)
            if mine and rng.random() < 0.4:
                item = rng.choice(mine)
                box = [value + rng.gauss(0, 0.07) * item["bbox"][2 + place % 2]
                       for place, value in enumerate(item["bbox"])]
                category = item["category_id"] if rng.random() < 0.8 else rng.randrange(classes) + 1
            else:
                box = [rng.uniform(0, 600), rng.uniform(0, 400), rng.uniform(4, 300),
                       rng.uniform(4, 300)]
                category = rng.randrange(classes) + 1
            found.append({"image_id": picture, "category_id": category, "bbox": box,
                          "score": rng.random()})
    names = [{"id": number + 1, "name": f"class {number + 1}"} for number in range(classes)]
    images = [{"id": number + 1, "file_name": f"{number + 1:012}.jpg", "width": 640, "height": 480}
              for number in range(pictures)]
    paths = os.path.join(folder, "truth.json"), os.path.join(folder, "found.json")
    for path, content in zip(paths, (
        {"images": images, "annotations": truth, "categories": names}, found
    )):
        with open(path, "w") as file:
            json.dump(content, file)
    return paths


def unit(options, truth, found):
    """Seconds of the whole process, of the evaluation alone, the twelve numbers, peak MiB."""
    command = [options.unit, "score", "detection", "--truth", truth, "--predictions", found,
               "--format", "json", "--verbose", "--threads", str(options.threads)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.communicate()
    whole = time.perf_counter() - start
    if process.returncode:
        sys.exit(errors.decode())
    seconds = float(re.search(rb"evaluated in ([0-9.]+) s", errors)[1])
    memory = int(re.search(rb"peak memory (\d+) MiB", errors)[1])
    numbers = [value for key, value in json.loads(output).items() if key.startswith("A")]
    return whole, seconds, numbers, memory


def race(options, folder):
    truth, found = write(folder)
    ours, theirs = [], []
    for _ in range(options.rounds):
        whole, alone, numbers, memory = unit(options, truth, found)
        result = json.loads(subprocess.run(
            [sys.executable, "-c", OPPONENT, truth, found], stdout=subprocess.PIPE, check=True
        ).stdout)
        gap = max(abs(a - b) for a, b in zip(numbers, result["stats"], strict=True))
        assert gap < 1e-9, (numbers, result["stats"])
        ours.append((whole, alone))
        theirs.append((result["whole"], result["evaluation"]))
        print(f"  unit {whole:.2f} s ({alone:.2f} s), pycocotools {result['whole']:.2f} s "
              f"({result['evaluation']:.2f} s), {memory} MiB", file=sys.stderr)
    for place, name in enumerate((
        "whole process of unit against loadRes, evaluate, accumulate", "evaluation alone"
    )):
        a = statistics.median(pair[place] for pair in ours)
        b = statistics.median(pair[place] for pair in theirs)
        print(f"{name}: unit {a:.3f} s, pycocotools {b:.2f} s, {b / a:.1f} times as fast")
    print(f"largest difference of the twelve numbers in the last round: {gap:.1e}")


def memory(options, folder):
    """A file of annotations as large as that of COCO's training set."""
    rng = random.Random(1)
    truth, found = os.path.join(folder, "large.json"), os.path.join(folder, "few.json")
    with open(truth, "w") as file:
        file.write('{"info": {}, "licenses": [], "images": [')
        file.write(", ".join(json.dumps(
            {"license": 1, "file_name": f"{n + 1:012}.jpg", "height": 480, "width": 640,
             "coco_url": f"http://images.cocodataset.org/train2017/{n + 1:012}.jpg",
             "date_captured": "2013-11-14 11:18:45", "id": n + 1}) for n in range(118287)))
        file.write('], "categories": [')
        file.write(", ".join(json.dumps(
            {"supercategory": "thing", "id": n + 1, "name": f"class {n + 1}"}) for n in range(80)))
        file.write('], "annotations": [')
        for number, (picture, category, box) in enumerate(objects(rng, 118287, 80)):
            if number == options.objects:
                break
            outline = [[round(rng.random() * 600, 2) for _ in range(44)]]
            file.write((", " if number else "") + json.dumps(
                {"segmentation": outline, "area": box[2] * box[3], "iscrowd": 0,
                 "image_id": picture, "bbox": box, "category_id": category, "id": number + 1}))
        file.write("]}")
    with open(found, "w") as file:
        json.dump([{"image_id": n % 5000 + 1, "category_id": n % 80 + 1, "bbox": [1, 2, 30, 40],
                    "score": rng.random()} for n in range(100_000)], file)
    size = os.path.getsize(truth) / 1e6
    runs = [unit(options, truth, found) for _ in range(options.rounds)]
    seconds = statistics.median(run[0] for run in runs)
    print(f"{size:.0f} MB of annotations: {seconds:.2f} s, peak memory {runs[0][3]} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", default="all", choices=["race", "memory", "all"])
    parser.add_argument("--unit", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--objects", type=int, default=860_001)
    options = parser.parse_args()
    options.unit = os.path.abspath(options.unit)
    with tempfile.TemporaryDirectory() as folder:
        for run in (race, memory):
            if options.what in (run.__name__, "all"):
                run(options, folder)


if __name__ == "__main__":
    main()
