"""How the model that comes with the program does on nine photographs.

  python3 Tests/Photographs/check.py FOLDER [--unit .build/release/unit] [--model MODEL]

FOLDER holds dog.jpg, eagle.jpg, giraffe.jpg, horses.jpg, kite.jpg and person.jpg of Debian's package
darknet (/usr/share/darknet/data) and chelsea.png, astronaut.png and coffee.png of the Python package
scikit-image (skimage/data). No model was trained on them, nor on pictures like them.

A main object counts as found where a detection with its name overlaps its box (objects.tsv, marked by
eye) by at least one half; an answer is right where it is the first one (questions.tsv).
"""

import argparse
import collections
import csv
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


def rows(name):
    with open(HERE / name, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def run(program, arguments):
    return json.loads(subprocess.run(
        [program, *arguments, "--format", "json", "--quiet"], check=True, capture_output=True,
        text=True).stdout)


def overlap(a, b):
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    if across <= 0 or down <= 0:
        return 0
    both = across * down
    return both / (a["width"] * a["height"] + b["width"] * b["height"] - both)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--unit", default=".build/release/unit")
    parser.add_argument("--model")
    parser.add_argument("--threshold", help="of detect; the program's own if left out")
    options = parser.parse_args()
    model = ["--model", options.model] if options.model else []
    threshold = ["--threshold", options.threshold] if options.threshold else []
    found = 0
    for row in rows("objects.tsv"):
        picture = f"{options.folder}/{row['picture']}"
        seen = run(options.unit, ["detect", picture, *model, *threshold])["detections"]
        box = {key: float(row[key]) for key in ("x", "y", "width", "height")}
        fits = [d for d in seen if d["label"] == row["main"] and overlap(d["box"], box) >= 0.5]
        found += bool(fits)
        best = ", ".join(f"{d['label']} {d['score']:.2f}" for d in seen[:4])
        print(f"{'found ' if fits else 'missed'}  {row['picture']:14} {row['main']:8} ({best})")
    right = 0
    questions = collections.defaultdict(list)
    for row in rows("questions.tsv"):
        questions[row["picture"]].append(row)
    for picture, asked in questions.items():
        texts = [row["question"] for row in asked]
        answers = run(
            options.unit,
            ["ask", f"{options.folder}/{picture}", *texts, *model, "--top", "1"])["answers"]
        for row, answer in zip(asked, answers):
            given = answer["answers"][0]["answer"]
            right += given == row["answer"]
            mark = "right" if given == row["answer"] else "wrong"
            print(f"{mark}   {picture:14} {row['question']:48} {given} ({row['answer']})")
    total = sum(len(asked) for asked in questions.values())
    print(f"objects {found} of {len(rows('objects.tsv'))}, answers {right} of {total}")


if __name__ == "__main__":
    main()
