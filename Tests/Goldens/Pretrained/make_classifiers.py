"""Image classifiers with random weights: an EfficientNet-Lite and two residual networks.

    python make_classifiers.py

torch 2.13.0+cpu, transformers 4.57.6, safetensors 0.8.0. Writes classifiers.safetensors.

The residual networks are transformers' ResNetForImageClassification; their parameters are written
under torchvision's names.
"""

import re

import torch
from safetensors.torch import save_file
from transformers import ResNetConfig, ResNetForImageClassification

from efficientnet_lite import EfficientNetLite

torch.manual_seed(20210219)
tensors = {}


def randomize(model):
    for name, tensor in model.state_dict().items():
        if name.endswith("running_var"):
            tensor.uniform_(0.5, 1.5)
        elif name.endswith("running_mean") or name.endswith(".bias"):
            tensor.normal_(0, 0.2)
        elif tensor.dim() == 1:
            tensor.uniform_(0.7, 1.3)
    return model.eval()


def torchvision(name):
    name = name.removeprefix("resnet.")
    name = name.replace("embedder.embedder.convolution", "conv1")
    name = name.replace("embedder.embedder.normalization", "bn1")
    name = re.sub(r"encoder\.stages\.(\d+)\.layers\.", lambda m: f"layer{int(m[1]) + 1}.", name)
    name = name.replace("shortcut.convolution", "downsample.0")
    name = name.replace("shortcut.normalization", "downsample.1")
    name = re.sub(r"layer\.(\d+)\.convolution", lambda m: f"conv{int(m[1]) + 1}", name)
    name = re.sub(r"layer\.(\d+)\.normalization", lambda m: f"bn{int(m[1]) + 1}", name)
    return name.replace("classifier.1.", "fc.")


@torch.no_grad()
def add(case, model, pixels, outputs, rename=lambda name: name):
    tensors[f"{case}/pixels"] = pixels
    for name, tensor in model.state_dict().items():
        tensors[f"{case}/parameters/{rename(name)}"] = tensor.clone()
    for name, tensor in outputs.items():
        tensors[f"{case}/{name}"] = tensor.contiguous()


with torch.no_grad():
    lite = randomize(
        EfficientNetLite(
            8, [(1, 3, 1, 1, 8), (2, 3, 2, 3, 8), (2, 5, 2, 2, 16), (1, 3, 1, 2, 24)], 32, 7))
    pixels = torch.randn(2, 3, 45, 38)
    add("lite", lite, pixels, lite(pixels))
    for kind, sizes in [("basic", [8, 12, 16, 20]), ("bottleneck", [16, 24, 32, 40])]:
        config = ResNetConfig(
            embedding_size=8, hidden_sizes=sizes, depths=[1, 2, 1, 1], layer_type=kind, num_labels=7)
        model = randomize(ResNetForImageClassification(config))
        pixels = torch.randn(2, 3, 67, 58)
        output = model(pixels, output_hidden_states=True)
        features = output.hidden_states[-1]
        add(kind, model, pixels, {"features": features, "logits": output.logits}, torchvision)

save_file(tensors, "classifiers.safetensors")
