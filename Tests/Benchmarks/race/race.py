"""The race track: `unit` against PyTorch, ONNX Runtime and OpenVINO. See ../README.md.

    python3 Tests/Benchmarks/race/race.py --unit .build/release/unit --report table.md

Installs the rivals, builds the same networks with the same random weights for every side, checks
that their outputs agree, and lets warm processes take turns. Needs Python and nothing else.
"""

import argparse
import os
import statistics
import subprocess
import sys

import cases
import report
import rivals
import unit_side
from turns import HERE, Disturbance, Side, ratio, race, whole


def command(python, script, *words):
    return [python, os.path.join(HERE, script), *map(str, words)]


def inference(options, python, case, precision, threads):
    """A row of the table: all sides that offer the precision, by turns."""
    print(f"{case.title}, {precision}, {threads} threads", file=sys.stderr)
    sides, differences = [], {}
    ours = unit_side.worker(options, case, precision, threads)
    if ours is not None:
        sides.append(ours)
        differences["unit"] = unit_side.difference(options, python, case, precision)
    for name, precisions in cases.SIDES.items():
        if name == "unit" or precision not in precisions or name not in options.sides:
            continue
        side = Side(name, command(
            python, "rival.py", name, "--case", case.name, "--precision", precision, "--threads",
            threads, "--work", options.work), threads)
        differences[name] = side.ready["difference"]
        sides.append(side)
    furthest = {name: max(found.values()) for name, found in differences.items()}
    race(sides, options.rounds)
    if precision == "fp32" and max(furthest.values()) > 1e-3:
        sys.exit(f"the sides do not run the same network: {furthest}")
    return sides, differences


def inference_rows(case, precision, threads, sides, differences):
    """One row for every side."""
    ours = next((side for side in sides if side.name == "unit"), None)
    for side in sides:
        ratios = ""
        if ours is not None and side is not ours:
            # The marks are for two threads.
            mark = case.marks.get(precision, {}).get(side.name) if threads == 2 else None
            ratios = report.share(*ratio(ours, side), mark)
        yield [
            case.title, precision, str(threads), report.NAMES[side.name], f"{side.median:.1f}",
            ratios, f"{side.peak:.0f}", report.largest(differences[side.name]),
        ]


COLUMNS = [
    "network", "arithmetic", "threads", "side", "median ms", "unit / side", "peak MiB",
    "furthest from PyTorch in 32 bits",
]


def coldstart(options, python, threads):
    """Whole processes that answer one picture file, by turns."""
    print(f"whole processes, {threads} threads", file=sys.stderr)
    names = ["unit", *(name for name in ("torch", "ort", "openvino") if name in options.sides)]
    found = {name: [] for name in names}
    # The first round reads the files into the system's cache and is not counted.
    for number in range(options.cold_rounds + 1):
        for name in names:
            if name == "unit":
                result = unit_side.cold(options, threads)
            else:
                result = whole(command(
                    python, "cold.py", name, "--picture", f"{options.work}/picture.jpg", "--work",
                    options.work, "--threads", threads), threads)
            if number > 0:
                found[name].append(result[:2])
    seconds = {name: [pair[0] for pair in pairs] for name, pairs in found.items()}
    memory = {name: statistics.median(pair[1] for pair in pairs) for name, pairs in found.items()}
    rows = []
    for name in names:
        row = [report.NAMES[name], f"{statistics.median(seconds[name]):.2f}", "",
               f"{memory[name]:.0f}", ""]
        if name != "unit":
            rounds = [a / b for a, b in zip(seconds["unit"], seconds[name])]
            value = statistics.median(seconds["unit"]) / statistics.median(seconds[name])
            mark = cases.COLD_MARKS["time"][name] if threads == 2 else None
            row[2] = report.share(value, min(rounds), max(rounds), mark)
            value = memory["unit"] / memory[name]
            mark = cases.COLD_MARKS["memory"][name] if threads == 2 else None
            row[4] = report.share(value, None, None, mark)
        rows.append(row)
    return report.table(
        [f"process, {threads} threads", "seconds", "unit / side", "peak MiB", "unit / side"], rows)


def training(options, python, threads):
    """Training steps of unit and of PyTorch, by turns."""
    rows = []
    for name, title in TRAINING.items():
        ours = unit_side.training(options, name, threads)
        if ours is None:
            print("this build has no 'unit bench --training'", file=sys.stderr)
            return []
        print(f"{title}, {threads} threads", file=sys.stderr)
        theirs = Side("torch", command(python, "training.py", name, "--threads", threads), threads)
        race([ours, theirs], options.rounds)
        marks = cases.TRAINING_MARKS if threads == 2 else {"time": None, "memory": None}
        rows.append([
            title, str(threads), f"{ours.median:.0f}", f"{theirs.median:.0f}",
            report.share(*ratio(ours, theirs), marks["time"]), f"{ours.peak:.0f}",
            f"{theirs.peak:.0f}",
            report.share(ours.peak / theirs.peak, None, None, marks["memory"]),
        ])
    return report.table(
        ["training step", "threads", "unit ms", "PyTorch eager ms", "unit / PyTorch", "unit MiB",
         "PyTorch MiB", "unit / PyTorch"], rows)


def preprocessing(options, python, threads):
    """A large JPEG file to a network's input, of unit and of Pillow, by turns."""
    picture = os.path.join(options.work, "photograph.jpg")
    if not os.path.exists(picture):
        subprocess.run(
            command(python, "preprocessing.py", "make", "--picture", picture), check=True)
    rows = []
    for short, title in PREPROCESSING.items():
        print(f"{title}, {threads} threads", file=sys.stderr)
        ours = unit_side.preprocessing(options, picture, short, threads)
        if ours is None:
            print("this build has no 'unit bench --preprocessing'", file=sys.stderr)
            return []
        words = ["--picture", picture, "--short", short]
        theirs = [
            Side(name, command(python, "preprocessing.py", "serve", *words, *more), 1)
            for name, more in (("pillow", []), ("draft", ["--draft"]))
        ]
        differences = unit_side.preprocessing_differences(
            options, command(python, "preprocessing.py", "compare", *words), picture, short)
        race([ours, *theirs], options.rounds)
        if differences["exact"]["mean"] > 0.1 or differences["reduced"]["mean"] > 1:
            sys.exit(f"the sides do not see the same picture: {differences}")
        shown = ", ".join(
            f"{name} {found['mean']:.2f} and {found['largest']:.0f}"
            for name, found in differences.items())
        rows.append([
            title, str(threads), report.NAMES["unit"], f"{ours.median:.1f}", "",
            f"{ours.peak:.0f}", shown])
        for side in theirs:
            marked = side.name == "pillow" and threads == 2
            mark = cases.PREPROCESSING_MARK if marked else None
            rows.append([
                title, str(threads), report.NAMES[side.name], f"{side.median:.1f}",
                report.share(*ratio(ours, side), mark), f"{side.peak:.0f}", ""])
    return report.table(
        ["JPEG of 4000 x 3000 to", "threads of unit", "side", "median ms", "unit / side",
         "peak MiB", "mean and largest difference from Pillow, of 255"], rows)


PREPROCESSING = {480: "480 x 640", 800: "800 x 1066"}
TRAINING = {
    "detr": "DETR-R50, batch 1, 480 x 640", "bert": "BERT-base, batch 8, 64 tokens"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unit", required=True, help="the release executable")
    parser.add_argument("--only", help="cases or networks, such as detr480,bert,resnet")
    parser.add_argument("--precision", default=",".join(cases.PRECISIONS))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cold-rounds", type=int, default=5)
    parser.add_argument("--sides", default=",".join(cases.SIDES), help="rivals to race against")
    parser.add_argument(
        "--parts", default="inference,cold,training,preprocessing",
        help="what is raced: some of these words")
    parser.add_argument("--work", help="where models are made; 3 GB of it are needed")
    parser.add_argument("--venv", help="the rivals' environment, made where it is missing")
    parser.add_argument("--report", help="the Markdown file to write")
    options = parser.parse_args()
    options.unit = os.path.abspath(options.unit)
    root = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
    options.work = os.path.abspath(options.work or os.path.join(root, ".build/race"))
    options.venv = os.path.abspath(options.venv or os.path.join(options.work, "venv"))
    for name in ("precision", "sides", "parts"):
        setattr(options, name, getattr(options, name).split(","))
    options.threads = [int(number) for number in options.threads.split(",")]
    options.only = options.only and options.only.split(",")
    options.cores = os.cpu_count()
    return options


def main():
    options = arguments()
    os.makedirs(options.work, exist_ok=True)
    python = rivals.environment(options.venv)
    raced = cases.chosen(options.only)
    prepared = [case.name for case in raced] if "inference" in options.parts else []
    if "cold" in options.parts and "detr480" not in prepared:
        prepared.append("detr480")
    if prepared:
        subprocess.run(command(
            python, "prepare.py", "--work", options.work, "--unit", options.unit, "--cases",
            ",".join(prepared), "--precisions", ",".join(options.precision)), check=True)
    lines = report.head(options, rivals.versions(python))
    rows = []
    if "inference" in options.parts:
        for case in raced:
            for precision in options.precision:
                for threads in options.threads if precision in case.marks else []:
                    found = inference(options, python, case, precision, threads)
                    fresh = list(inference_rows(case, precision, threads, *found))
                    print("\n".join(report.table(COLUMNS, fresh)), flush=True)
                    rows += fresh
        lines += report.table(COLUMNS, rows)
    if "cold" in options.parts:
        for threads in options.threads:
            lines += coldstart(options, python, threads)
    if "training" in options.parts:
        for threads in options.threads:
            lines += training(options, python, threads)
    if "preprocessing" in options.parts:
        for threads in options.threads:
            lines += preprocessing(options, python, threads)
    lines.append(Disturbance.line())
    text = "\n".join(lines)
    print(text)
    if options.report:
        with open(options.report, "w") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
