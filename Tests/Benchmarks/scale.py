"""How time and memory grow with the inputs: picture size, batch, questions, tokens. See README.md.

    python3 Tests/Benchmarks/scale.py --unit .build/release/unit [--only size,tokens]

Fails where something grows faster than the mathematics: attention with the square of its tokens,
everything else with the inputs.
"""

import argparse
import os
import sys

from bench import bench
from report import table

WIDTHS = (320, 480, 640, 800, 1066, 1333)
# What grows: the title, its values, the options of `unit bench`, and the elements of the inputs.
SERIES = {
    "size": (
        "DETR-R50, one picture", [f"{width * 3 // 4}x{width}" for width in WIDTHS],
        lambda size: ["--network", "detr", "--size", size],
        lambda size: int(size.split("x")[0]) * int(size.split("x")[1])),
    "batch": (
        "DETR-R50, pictures of 480 x 640", [1, 2, 4, 8, 16],
        lambda batch: ["--network", "detr", "--size", "480x640", "--batch", batch],
        lambda batch: batch),
    "questions": (
        "UniT, questions about one picture of 800 x 1066", [1, 4, 16, 64],
        lambda count: ["--network", "unit", "--task", "vqa2", "--questions", count],
        lambda count: count),
    "tokens": (
        "BERT-base, tokens of one text", [16, 32, 64, 128, 256, 512],
        lambda tokens: ["--network", "bert", "--tokens", tokens],
        lambda tokens: tokens),
    "texts": (
        "BERT-base, texts of 32 tokens", [1, 2, 4, 8, 16],
        lambda batch: ["--network", "bert", "--tokens", 32, "--batch", batch],
        lambda batch: batch),
}
# A multiply-add may take so much longer, and an element so much more memory, than in the cheapest
# smaller case; beyond that something grows that should not.
TIME_ALLOWANCE, MEMORY_ALLOWANCE = 1.35, 1.5
# Stages below this are too short to be compared, in milliseconds; memory in MiB.
SHORT, SMALL = 2.0, 32


def slow(before, now):
    """Stages of `now` whose multiply-adds take longer than those of every smaller case did."""
    for stage, milliseconds in now["stages_ms"].items():
        operations = now["stage_multiply_adds"][stage]
        if milliseconds < SHORT or not operations:
            continue
        earlier = [
            report["stages_ms"][stage] / report["stage_multiply_adds"][stage]
            for report in before if report["stage_multiply_adds"].get(stage)]
        if earlier and milliseconds / operations > TIME_ALLOWANCE * min(earlier):
            yield f"{stage} {milliseconds / operations / min(earlier):.2f}"


def hungry(sizes, memory):
    """How much more memory than the first row's the last one takes, if an element takes too much
    more of it than in every row before."""
    if len(sizes) < 3:
        return None
    *earlier, last = [
        (now - memory[0]) / (size - sizes[0]) for now, size in zip(memory[1:], sizes[1:])]
    extra, most = ((sizes[-1] - sizes[0]) * each for each in (last, max(0, *earlier)))
    if extra > MEMORY_ALLOWANCE * most + SMALL:
        return f"memory {extra:.0f} MiB more instead of {most:.0f}"
    return None


def measure(options, name):
    """The table of one series, and the number of marked rows."""
    title, values, words, elements = SERIES[name]
    reports, memory, sizes, rows, marked = [], [], [], [], 0
    for value in values:
        report = bench(
            options.unit, *words(value), "--runs", options.runs, "--warm-up", 2,
            threads=options.threads)
        memory.append(report["peak_memory_bytes"] / 2**20)
        sizes.append(elements(value))
        notes = list(slow(reports, report))
        more = hungry(sizes, memory)
        notes += [more] if more else []
        reports.append(report)
        marked += bool(notes)
        milliseconds = report["latency_ms"]["p50"]
        rows.append([
            str(value), f"{milliseconds:.1f}", f"{milliseconds / sizes[-1] * sizes[0]:.1f}",
            f"{2e-9 * report['multiply_adds']:.2f}", f"{report['gflops']:.0f}",
            f"{memory[-1]:.0f}", "**" + ", ".join(notes) + "**" if notes else ""])
        print(f"  {name} {value}: {milliseconds:.1f} ms", file=sys.stderr)
    columns = [
        title, "p50 ms", "ms for as much as the first row", "10^9 operations", "GFLOP/s",
        "peak MiB", "faster than the mathematics"]
    return table(columns, rows), marked


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unit", required=True, help="the release executable")
    parser.add_argument("--only", default=",".join(SERIES), help="some of these words")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--report", help="the Markdown file to write")
    options = parser.parse_args()
    options.unit = os.path.abspath(options.unit)
    lines, marked = [], 0
    for name in options.only.split(","):
        if name not in SERIES:
            sys.exit(f"there is no series '{name}'; there are {', '.join(SERIES)}")
        rows, count = measure(options, name)
        lines += rows
        marked += count
    text = "\n".join(lines)
    print(text)
    if options.report:
        with open(options.report, "w") as file:
            file.write(text)
    sys.exit(f"{marked} rows grow faster than the mathematics allow" if marked else 0)


if __name__ == "__main__":
    main()
