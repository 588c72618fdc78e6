"""The names of every tensor in the layouts of transformers.

    python names.py          names/conditional.txt, names/dab.txt: what files of the published size
                             hold, each line a name, a tab and a shape; of Conditional DETR's and
                             DAB-DETR's own configurations with a ResNet-50 of transformers and 91
                             classes, with transformers 4.57.6
    python names.py --five   names/conditional.memory.txt: what transformers 5.23.0 calls the tensors
                             of the model in conditional/ in memory, a tab, and their names in the
                             file; DAB-DETR's are the same in both

Ran with Python 3.11, torch 2.13.0+cpu, safetensors 0.8.0.
"""
import os
import sys

import torch
from safetensors.torch import load_file
from transformers import (
    ConditionalDetrConfig, ConditionalDetrForObjectDetection, DabDetrConfig,
    DabDetrForObjectDetection, ResNetConfig,
)

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, lines):
    os.makedirs(os.path.join(HERE, "names"), exist_ok=True)
    with open(os.path.join(HERE, "names", name + ".txt"), "w") as file:
        file.writelines(f"{a}\t{b}\n" for a, b in lines)


def files():
    options = dict(
        backbone_config=ResNetConfig(out_features=["stage4"]), num_labels=91, backbone=None,
        use_timm_backbone=False, use_pretrained_backbone=False)
    for name, Config, Model in (
        ("conditional", ConditionalDetrConfig, ConditionalDetrForObjectDetection),
        ("dab", DabDetrConfig, DabDetrForObjectDetection),
    ):
        with torch.device("meta"):
            state = Model(Config(**options)).state_dict()
        # DAB-DETR's bbox_predictor is model.decoder.bbox_embed, and is written once.
        write(name, [
            (entry, tuple(value.shape)) for entry, value in state.items()
            if not (name == "dab" and entry.startswith("bbox_predictor."))])


def memory(name, Model):
    folder = os.path.join(HERE, name)
    stored = load_file(os.path.join(folder, "model.safetensors"))
    lines = []
    for entry, value in Model.from_pretrained(folder).state_dict().items():
        same = [n for n, t in stored.items() if t.shape == value.shape and torch.equal(t, value)]
        assert len(same) == 1, (entry, same)
        lines.append((entry, same[0]))
    return lines


if "--five" in sys.argv:
    write("conditional.memory", memory("conditional", ConditionalDetrForObjectDetection))
    assert all(
        a == b or a.startswith("bbox_predictor.")
        for a, b in memory("dab", DabDetrForObjectDetection))
else:
    files()
