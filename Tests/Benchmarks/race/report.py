"""Tables of a race, as Markdown."""

import datetime
import platform
import subprocess
import sys

NAMES = {
    "unit": "unit", "torch": "PyTorch eager", "compile": "PyTorch compile", "ort": "ONNX Runtime",
    "openvino": "OpenVINO", "pillow": "Pillow", "draft": "Pillow, reduced scale (`draft`)",
}


def processor():
    """Name, family and model, and which vectors it has."""
    with open("/proc/cpuinfo") as file:
        fields = {}
        for line in file:
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    flags = fields.get("flags", "").split()
    sets = [name for name in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16") if name in flags]
    return (
        f"{fields.get('model name', 'unknown')} (family {fields.get('cpu family')}, model "
        f"{fields.get('model')}; {', '.join(sets)})")


def head(options, versions):
    """What was run, where, and when."""
    unit = subprocess.run([options.unit, "--version"], stdout=subprocess.PIPE, text=True).stdout
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    words = " ".join(word for word in sys.argv[1:])
    return [
        f"{datetime.date.today():%d %B %Y}; {processor()}, {options.cores} cores, "
        f"{platform.system()} {platform.release().split('-')[0]}; unit {unit.strip()}, {named}.",
        "", f"    python3 Tests/Benchmarks/race/race.py {words}", "",
    ]


def table(columns, rows):
    """A table whose cells are texts already."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def share(value, low, high, mark):
    """A ratio with its range over the rounds, and its mark."""
    text = f"{value:.2f}" + ("" if low is None else f" ({low:.2f} to {high:.2f})")
    if mark is None:
        return text
    return f"{text}, mark {mark:.2f}: {'reached' if value <= mark else '**missed**'}"


def largest(difference):
    """Differences of outputs in one cell."""
    return ", ".join(f"{name} {value:.1e}" for name, value in difference.items())
