"""The training steps of a recipe against PyTorch's, and the cold start of the default model. See
README.md.

    python recipe.py --unit ../../.build/release/unit [--threads 2] [training|coldstart|all]

Both sides run in turns, A B A B, so that a busy moment of the machine meets both. This process
needs no PyTorch; the opponent's processes do.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "race"))
from turns import busy, variables  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RECIPE = os.path.join(ROOT, "datasets/EasyVQA/Recipes/shared")
SAMPLE = os.path.join(ROOT, "datasets/EasyVQA/Sample/test/images/0.png")
QUESTION = "what shape is in the image?"


def own():
    """Seconds of work of the processes that this one started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def undisturbed(options, run):
    """The result of `run` from a moment in which others used less than a tenth of the machine.

    Where no such moment comes within `--patience` seconds, the last result is taken and counted.
    """
    until = time.monotonic() + options.patience
    while True:
        while True:
            before = busy()
            time.sleep(0.3)
            if busy() - before < 0.06 or time.monotonic() > until:
                break
        start, before = time.monotonic(), busy() - own()
        result = run()
        share = (busy() - own() - before) / (time.monotonic() - start) / os.cpu_count()
        if share < 0.1:
            return result
        if time.monotonic() > until:
            options.disturbed += 1
            print(f"  disturbed: others took {share:.0%} of the machine", file=sys.stderr)
            return result


def output(command, threads):
    done = subprocess.run(
        command, env=variables(threads), stdout=subprocess.PIPE, check=True, timeout=600
    )
    return done.stdout.decode()


def opponent(options, race, *more):
    command = [sys.executable, os.path.join(HERE, "opponent.py"), race]
    return json.loads(output(
        [*command, "--threads", str(options.threads), *map(str, more)], options.threads
    ))


def row(name, ours, theirs, mark=None):
    """One line of the table: medians over the rounds, their ratio, and the ratios' range."""
    a, b = statistics.median(ours), statistics.median(theirs)
    ratios = sorted(x / y for x, y in zip(ours, theirs))
    limit = "" if mark is None else f" | mark {mark}"
    print(
        f"{name}: unit {a:.1f} ms, torch {b:.1f} ms, ratio {a / b:.2f} "
        f"(rounds {ratios[0]:.2f} to {ratios[-1]:.2f}){limit}", flush=True,
    )


def unit_training(options, folder):
    """Median milliseconds by task of a run's steps alone, and of its pace, waiting for data and
    writing the log included."""
    shutil.rmtree(folder, ignore_errors=True)
    output(
        [
            options.unit, "train", RECIPE + ".yaml", "--output", folder, "--quiet",
            "--threads", str(options.threads), "--max-time", f"{options.seconds}s",
            "--set", "log_every=1", "--set", "evaluate_every=0", "--set", "checkpoint_every=0",
            *(text for path in range(2) if options.data
              for text in ("--set", f"tasks.{path}.dataset.path={options.data}")),
        ],
        options.threads,
    )
    with open(folder + "/log.jsonl") as file:
        lines = [json.loads(line) for line in file]
    batches = {"detection": 32, "vqa": 64}
    steps = {name: [] for name in batches}
    paces = {name: [] for name in batches}
    # The first steps touch memory for the first time; the last one may be cut short.
    for before, line in list(zip(lines, lines[1:]))[6:]:
        steps[line["task"]].append(1e3 * batches[line["task"]] / line["samples_per_second"])
        paces[line["task"]].append(1e3 * (line["elapsed"] - before["elapsed"]))
    return (
        {name: statistics.median(series) for name, series in steps.items()},
        {name: statistics.median(series) for name, series in paces.items()},
    )


def training(options):
    """Steps of the recipe shared.yaml, each task's batch of its own."""
    with tempfile.TemporaryDirectory() as folder:
        ours, paces, theirs = [], [], []
        for number in range(options.rounds):
            step, pace = undisturbed(options, lambda: unit_training(options, f"{folder}/run"))
            if number == 0:
                equality(options, f"{folder}/run/checkpoints/last")
            result = undisturbed(options, lambda: opponent(
                options, "training", "--model", RECIPE + ".json", "--seconds", options.seconds
            ))
            ours.append(step)
            paces.append(pace)
            theirs.append({name: statistics.median(result[name]) for name in step})
            print(f"  unit {step}, torch {theirs[-1]}", file=sys.stderr)
    for name in ours[0]:
        other = [entry[name] for entry in theirs]
        row(f"training step, {name}", [entry[name] for entry in ours], other, 1.5)
        row(f"  with data and log, {name}", [entry[name] for entry in paces], other)


def equality(options, checkpoint):
    """Both sides give the same loss and gradients from the same weights, or there is no race."""
    found = opponent(
        options, "equality", "--checkpoint", checkpoint, "--unit", os.path.abspath(options.unit)
    )
    print(f"torch {found.pop('torch')}")
    for name, entry in found.items():
        print(
            f"equal weights, {name}: loss differs by {entry['loss']:.1e}, the worst of "
            f"{entry['parameters']} gradients by {entry['gradient']:.1e} ({entry['parameter']})",
            flush=True,
        )
        if entry["loss"] > 1e-4 or entry["gradient"] > 1e-2:
            sys.exit("the two sides do not run the same network")


def coldstart(options):
    """Whole processes, from start to end, that answer one question about a picture."""
    command = [options.unit, "ask", SAMPLE, QUESTION, "--threads", str(options.threads)]
    command += ["--model", options.model] if options.model else []
    def one():
        start = time.perf_counter()
        child = subprocess.Popen(
            command, env=variables(options.threads), stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        passed = 1e3 * (time.perf_counter() - start)
        child.returncode = status
        if status != 0:
            sys.exit("unit ask failed")
        return passed, usage.ru_maxrss / 1024

    series = undisturbed(options, lambda: [one() for _ in range(21)])
    times, memory = zip(*series)
    # The first process may still have to read its files from the disk.
    times = sorted(times[1:])
    print(
        f"cold start of ask: median {statistics.median(times):.1f} ms, "
        f"{times[0]:.1f} to {times[-1]:.1f} ms over {len(times)} processes, "
        f"peak memory {max(memory):.1f} MiB | mark 100", flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    races = {"training": training, "coldstart": coldstart}
    parser.add_argument("race", nargs="?", default="all", choices=[*races, "all"])
    parser.add_argument("--unit", required=True, help="the release executable")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=6, help="of training a round and side")
    parser.add_argument(
        "--patience", type=int, default=300, help="seconds to wait for a quiet machine, each time"
    )
    parser.add_argument("--data", help="folder of easy-VQA, if not where the recipe says")
    parser.add_argument("--model", help="model of the cold start, if not the default one")
    options = parser.parse_args()
    options.disturbed = 0
    for name, race in races.items():
        if options.race in (name, "all"):
            race(options)
    if options.disturbed:
        print(f"{options.disturbed} runs were disturbed by other programs: not to be reported")


if __name__ == "__main__":
    main()
