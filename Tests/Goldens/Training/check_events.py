"""Reads TensorBoard's files of a run with TensorBoard and compares them with the run's logs.

    pip install tensorboard pillow
    python Tests/Goldens/Training/check_events.py RUN-FOLDER

Ends with 1 where they differ, where a step is told twice or where a picture cannot be read."""
import collections
import csv
import io
import json
import pathlib
import sys

import numpy
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

folder = pathlib.Path(sys.argv[1])
wrong = []


def expect(condition, message):
    if not condition:
        wrong.append(message)


expected = collections.defaultdict(list)
for line in (folder / "log.jsonl").read_text().splitlines():
    line = json.loads(line)
    if "loss" not in line:
        continue  # a warning
    step, task = line["step"], line["task"]
    values = {
        f"{task}/loss": line["loss"],
        f"{task}/samples_per_second": line["samples_per_second"],
        "training/loss": line["loss"], "training/lr": line["lr"],
        "training/grad_norm": line["grad_norm"], "training/memory_bytes": line["memory"]}
    for name, value in line["terms"].items():
        # The terms of a step of several tasks are named after their tasks.
        group, name = name.split("/") if "/" in name else (task, name)
        values[f"{group}/{name if name.startswith('loss') else 'loss_' + name}"] = value
    for name, value in line.get("diagnostics", {}).items():
        values[name if "/" in name else f"{task}/{name}"] = value
    if "+" in task:
        values.pop(f"{task}/loss", None)
    for tag, value in values.items():
        expected[tag].append((step, value))
results = folder / "results.csv"
if results.exists():
    for row in csv.DictReader(io.StringIO(results.read_text())):
        for name, value in row.items():
            if name not in ("step", "elapsed"):
                expected["evaluation/" + name].append((int(row["step"]), float(value)))

# As TensorBoard shows them, all files together.
shown = EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0})
shown.Reload()
tags = shown.Tags()
expect(set(tags["scalars"]) == set(expected), f"tags {set(tags['scalars']) ^ set(expected)}")
for tag in sorted(set(tags["scalars"]) & set(expected)):
    found = [(event.step, event.value) for event in shown.Scalars(tag)]
    expect([step for step, _ in found] == [step for step, _ in expected[tag]], f"steps of {tag}")
    # The logs round speeds to three digits after the point; events hold 32-bit floats.
    near = numpy.allclose([v for _, v in found], [v for _, v in expected[tag]], 2e-6, 6e-4
                          if "samples_per_second" in tag else 0, equal_nan=True)
    expect(near, f"values of {tag}")

# And file by file, so that nothing is told twice and merely hidden by TensorBoard.
files = sorted(folder.glob("events.out.tfevents.*"))
told = collections.Counter()
last = -1
for file in files:
    for event in LegacyEventFileLoader(str(file)).Load():
        for value in event.summary.value:
            told[event.step, value.tag] += 1
            expect(event.step >= last, f"{file.name} goes back to step {event.step}")
            last = event.step
expect(all(count == 1 for count in told.values()), "an event is told twice")

pictures = 0
for tag in tags["images"]:
    for event in shown.Images(tag):
        picture = Image.open(io.BytesIO(event.encoded_image_string))
        picture.load()
        expect(picture.size == (event.width, event.height), f"size of {tag} at {event.step}")
        pictures += 1

print(f"{len(files)} files, {len(expected)} curves, {sum(map(len, expected.values()))} values, "
      f"{pictures} pictures: " + ("; ".join(wrong) if wrong else "as the logs say"))
sys.exit(1 if wrong else 0)
