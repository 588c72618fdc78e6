"""Our side of a race."""

import json
import os
import subprocess

from turns import Side, whole


def offers(unit, *words):
    """Whether `unit bench` knows options."""
    text = subprocess.run([unit, "bench", "--help-hidden"], stdout=subprocess.PIPE, text=True).stdout
    return all(word in text for word in words)


def precision_options(unit, precision):
    """The options of a precision; None where this build has none for it."""
    if precision == "fp32":
        return []
    return ["--dtype", precision] if offers(unit, "--dtype") else None


def worker(options, case, precision, threads):
    """A process that holds a case's network; None where this build cannot run it."""
    more = precision_options(options.unit, precision)
    if more is None:
        return None
    return Side("unit", [
        options.unit, "bench", "--worker", "--model", os.path.join(options.work, case.network),
        *case.options(), "--threads", str(threads), *more,
    ], threads)


def training(options, network, threads):
    """A process that takes training steps; None where this build cannot."""
    if not offers(options.unit, "--training"):
        return None
    return Side("unit", [
        options.unit, "bench", "--worker", "--training", network, "--threads", str(threads),
    ], threads)


def difference(options, python, case, precision):
    """The largest difference of each output from what PyTorch gave in 32 bits."""
    more = precision_options(options.unit, precision)
    begin = os.path.join(options.work, case.name)
    outputs = begin + ".unit.safetensors"
    command = [
        options.unit, "debug", "forward", "--model", os.path.join(options.work, case.network),
        "--inputs", begin + ".inputs.safetensors", "--outputs", outputs, *more,
    ]
    if case.task:
        command += ["--task", case.task]
    subprocess.run(command, check=True)
    program = (
        "import json, sys\n"
        "from safetensors.numpy import load_file\n"
        "a, b = load_file(sys.argv[1]), load_file(sys.argv[2])\n"
        "print(json.dumps({key: float(abs(a[key] - b[key]).max()) for key in b}))")
    found = subprocess.run(
        [python, "-c", program, outputs, begin + ".outputs.safetensors"], stdout=subprocess.PIPE,
        check=True).stdout
    os.remove(outputs)
    return json.loads(found)


def cold(options, threads):
    """Seconds and peak MiB of a whole process that finds the objects of a picture file."""
    return whole([
        options.unit, "detect", os.path.join(options.work, "picture.jpg"), "--model",
        os.path.join(options.work, "detr"), "--threshold", "0", "--max-boxes", "5",
        "--threads", str(threads),
    ], threads)


def preprocessing(options, picture, short, threads):
    """A process that makes a network's input of a picture file; None where this build cannot."""
    if not offers(options.unit, "--preprocessing"):
        return None
    return Side("unit", [
        options.unit, "bench", "--worker", "--preprocessing", str(short), "--image", picture,
        "--threads", str(threads),
    ], threads)


def preprocessing_differences(options, compare, picture, short):
    """Differences of what unit sees from what Pillow makes, decoded in full and as it is raced."""
    found = {}
    seen = os.path.join(options.work, "seen.safetensors")
    for name, more in (("exact", []), ("reduced", ["--reduced"])):
        subprocess.run([
            options.unit, "debug", "preprocess", picture, "--short", str(short), *more,
            "--outputs", seen], check=True)
        found[name] = json.loads(
            subprocess.run([*compare, "--seen", seen], stdout=subprocess.PIPE, check=True).stdout)
        os.remove(seen)
    return found
