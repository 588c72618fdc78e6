"""The rivals' environment: a throw-away venv with everything that they need."""

import json
import os
import subprocess
import sys

# PyTorch for processors alone; the other packages come from PyPI.
TORCH = "https://download.pytorch.org/whl/cpu"
PACKAGES = [
    "transformers<5", "onnx", "onnxruntime", "openvino", "pillow", "scipy", "safetensors", "numpy"]
NAMED = ["torch", "transformers", "onnxruntime", "openvino", "onnx", "numpy", "pillow"]


def environment(folder):
    """The interpreter of a venv in `folder`, which is made where it is missing."""
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        print(f"installing the rivals in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "torch", "--extra-index-url", TORCH], check=True)
        subprocess.run([*install, *PACKAGES], check=True)
    return python


def versions(python):
    """Names and versions of the rivals."""
    program = (
        "import importlib.metadata as m, json, platform, sys\n"
        "found = {name: m.version(name) for name in sys.argv[1:]}\n"
        "print(json.dumps({'python': platform.python_version(), **found}))")
    return json.loads(
        subprocess.run(
            [python, "-c", program, *NAMED], stdout=subprocess.PIPE, check=True).stdout)
