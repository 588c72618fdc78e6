"""Runs `unit bench` for other programs."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "race"))
from turns import variables  # noqa: E402


def bench(unit, *words, threads=1):
    """The report of one run of `unit bench`."""
    done = subprocess.run(
        [unit, "bench", *map(str, words), "--threads", str(threads), "--format", "json", "--quiet"],
        env=variables(threads), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)
