"""Tells whether `unit` became slower or hungrier than it was. See README.md.

    python3 Tests/Benchmarks/guard.py --unit .build/release/unit            # compare
    python3 Tests/Benchmarks/guard.py --unit .build/release/unit --write    # take as the baseline

Times are ratios to products by OpenBLAS in the same process, the least processor time of many by
the least of many, on one thread: they hold on a busy machine, and between machines of one kind.
"""

import argparse
import json
import os
import sys

from bench import bench

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "baseline.json")
# What is measured: options of `unit bench`, and the number of runs.
MEASURES = {
    "answer of the default model": ([], 200),
    "ResNet-50, 224 x 224": (["--backbone", 50, "--size", "224x224"], 20),
    "DETR-R50, 480 x 640": (["--network", "detr", "--size", "480x640"], 5),
    "BERT-base, 32 tokens": (["--network", "bert", "--tokens", 32], 20),
    "BERT-base, 128 tokens": (["--network", "bert", "--tokens", 128], 8),
    "ViLT-B/32, 384 x 512": (["--network", "vilt", "--size", "384x512", "--tokens", 20], 8),
}
# What a figure may be of its baseline.
TIME_ALLOWANCE, MEMORY_ALLOWANCE = 1.12, 1.08


def measure(options, words, runs):
    """Time as a multiple of OpenBLAS's, and peak memory: the best of some processes."""
    reports = [
        bench(options.unit, *words, "--runs", runs, "--warm-up", 2, "--against-blas")
        for _ in range(options.processes)]
    return {
        "time": min(report["to_openblas"] for report in reports),
        "memory_mib": min(report["peak_memory_bytes"] for report in reports) / 2**20,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unit", required=True, help="the release executable")
    parser.add_argument("--baseline", default=BASELINE)
    parser.add_argument("--write", action="store_true", help="take what is measured as baseline")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", help="words of the measures' names, by commas")
    options = parser.parse_args()
    options.unit = os.path.abspath(options.unit)
    if not options.write:
        with open(options.baseline) as file:
            baseline = json.load(file)
    found, worse = {}, 0
    for name, (words, runs) in MEASURES.items():
        if options.only and not any(word in name for word in options.only.split(",")):
            continue
        found[name] = measure(options, words, runs)
        line = f"{name}: {found[name]['time']:.3f} of OpenBLAS, {found[name]['memory_mib']:.0f} MiB"
        if not options.write:
            was = baseline[name]
            shares = {key: found[name][key] / was[key] for key in was}
            late = shares["time"] > TIME_ALLOWANCE
            fat = shares["memory_mib"] > MEMORY_ALLOWANCE
            worse += late or fat
            line += f"; {shares['time']:.2f} and {shares['memory_mib']:.2f} of the baseline"
            line += (", SLOWER" if late else "") + (", HUNGRIER" if fat else "")
        print(line, flush=True)
    if options.write:
        with open(options.baseline, "w") as file:
            json.dump(found, file, indent=2)
            file.write("\n")
    sys.exit(f"{worse} figures are worse than the baseline allows" if worse else 0)


if __name__ == "__main__":
    main()
