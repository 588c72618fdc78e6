"""Writes what the sides of a race need, once: the folder that `unit` opens, PyTorch's module, ONNX
files in 32 bits and quantised, inputs, and what PyTorch answers. Runs in the rivals' environment.

    python prepare.py --work DIR --unit PATH --cases detr480,bert --precisions fp32,int8
"""

import argparse
import logging
import os
import subprocess
import warnings

import torch
from safetensors.torch import save_file

import cases
import networks

WORDS = ["[PAD]", *(f"[unused{n}]" for n in range(99)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def vocabulary(folder):
    """As many words as BERT has, the special ones at BERT's places."""
    words = WORDS + [f"word{n}" for n in range(networks.WORDS - len(WORDS))]
    with open(os.path.join(folder, "vocab.txt"), "w") as file:
        file.write("\n".join(words) + "\n")


def processor(folder):
    """A picture of 640 x 480 pixels goes into DETR as it is."""
    from transformers import DetrImageProcessor

    DetrImageProcessor(size={"shortest_edge": 480, "longest_edge": 640}).save_pretrained(folder)


def network(name, work, unit):
    """PyTorch's module in one file, and the folder that `unit` opens."""
    module = networks.NETWORKS[name]()
    folder = os.path.join(work, name)
    os.makedirs(folder, exist_ok=True)
    if name == "unit":
        vocabulary(work)
        checkpoint = os.path.join(work, "unit.pth")
        torch.save(module.model.state_dict(), checkpoint)
        subprocess.run(
            [unit, "convert", checkpoint, "--vocabulary", os.path.join(work, "vocab.txt"), "--to",
             folder], check=True)
        os.remove(checkpoint)
    else:
        module.model.save_pretrained(folder)
        if name in ("bert", "vilt"):
            vocabulary(folder)
        if name == "detr":
            processor(folder)
    torch.save(module, os.path.join(work, name + ".pt"))


def export(module, tensors, path):
    """The network as ONNX with inputs of just this size."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, tuple(tensors.values()), path, input_names=list(tensors),
            output_names=[f"output{n}" for n in range(len(module(*tensors.values())))],
            opset_version=17, dynamo=False)


def quantise(case, path, target):
    """Static quantisation as onnxruntime does it: 8 bits, weights by channel, QDQ."""
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Samples(quantization.CalibrationDataReader):
        def __init__(self):
            self.left = [
                {key: value.numpy() for key, value in networks.inputs(case, seed=seed).items()}
                for seed in (20, 30, 40)
            ]

        def get_next(self):
            return self.left.pop() if self.left else None

    ready = target + ".ready"
    logging.disable(logging.WARNING)
    quant_pre_process(path, ready, skip_symbolic_shape=True)
    quantization.quantize_static(
        ready, target, Samples(), quant_format=quantization.QuantFormat.QDQ, per_channel=True,
        activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)
    os.remove(ready)


def picture(path):
    """A JPEG file of 640 x 480 pixels for whole processes."""
    from PIL import Image

    pixels = (networks.pictures(1, 480, 640)[0] * 45 + 128).clamp(0, 255).to(torch.uint8)
    Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(path, quality=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", required=True)
    parser.add_argument("--unit", required=True)
    parser.add_argument("--cases", required=True)
    parser.add_argument("--precisions", required=True)
    options = parser.parse_args()

    def missing(name):
        path = os.path.join(options.work, name)
        if not os.path.exists(path):
            print(f"  making {name}", flush=True)
            return path

    if path := missing("picture.jpg"):
        picture(path)
    for case in cases.chosen(options.cases.split(",")):
        if missing(case.network + ".pt"):
            network(case.network, options.work, options.unit)
        module = torch.load(
            os.path.join(options.work, case.network + ".pt"), weights_only=False, mmap=True)
        tensors = networks.inputs(case)
        if path := missing(case.name + ".outputs.safetensors"):
            save_file(tensors, os.path.join(options.work, case.name + ".inputs.safetensors"))
            with torch.inference_mode():
                found = dict(zip(case.outputs, module(*tensors.values())))
            save_file({key: value.contiguous() for key, value in found.items()}, path)
        if path := missing(case.name + ".onnx"):
            with torch.no_grad():
                export(module, tensors, path)
        if "int8" in options.precisions and case.marks.get("int8"):
            if path := missing(case.name + ".int8.onnx"):
                quantise(case, os.path.join(options.work, case.name + ".onnx"), path)


if __name__ == "__main__":
    main()
