"""Random weights and inputs, the same for the same seed."""

import math
import re

import torch


def randomise(model, seed):
    """Weights of order 1 / sqrt(fan in), none of them at a default: biases, norms and frozen
    statistics are random too."""
    random = torch.Generator().manual_seed(seed)

    def normal(x):
        return torch.randn(x.shape, generator=random, dtype=torch.float32)

    def uniform(x):
        return torch.rand(x.shape, generator=random, dtype=torch.float32)

    with torch.no_grad():
        entries = [*model.named_parameters(), *model.named_buffers()]
        for name, x in sorted(entries, key=lambda entry: entry[0]):
            batch_norm = re.search(r"(bn\d|downsample\.1)\.\w+$", name)
            if name.endswith("empty_weight"):
                continue
            if name.endswith("running_var"):
                x.copy_(0.5 + uniform(x))
            elif batch_norm and name.endswith("weight"):
                # Blocks add their input: small factors at their ends keep the features near 1.
                last = re.search(r"downsample|bn3|layer\d\.\d\.bn2", name)
                x.copy_((0.5 + uniform(x)) * (0.6 if last else 1))
            elif x.dim() == 1 and re.search(r"(norm\d?|LayerNorm)\.weight$", name):
                x.copy_(1 + 0.2 * normal(x))
            elif x.dim() == 1:
                x.copy_(0.2 * normal(x))
            elif "embed" in name and not re.search(r"_proj|class_|bbox_", name):
                x.copy_(0.7 * normal(x))
            else:
                gain = 0.6 if "input_proj" in name else 1.4 if "conv" in name else 1.1
                x.copy_(normal(x) * gain / math.sqrt(x[0].numel()))


def texts(random, config, length, valid):
    """Two texts: [CLS] a [SEP] b [SEP] in tokens 1, 2, 2; the second one padded."""
    ids = torch.randint(3, config["text"]["vocabulary"], (2, length), generator=random)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, count in enumerate((length, valid)):
        ids[row, 0], ids[row, count // 2], ids[row, count - 1] = 1, 2, 2
        ids[row, count:] = 0
        types[row, count // 2 + 1 : count] = 1
        mask[row, :count] = 1
    return {"ids": ids, "types": types, "mask": mask}


def objects(random, task, count):
    """`count` random boxes inside the picture with labels and 0, 1, 2 .. attributes."""
    size = 0.1 + 0.4 * torch.rand(count, 2, generator=random)
    center = size / 2 + (1 - size) * torch.rand(count, 2, generator=random)
    target = {
        "labels": torch.randint(1, task["classes"], (count,), generator=random),
        "boxes": torch.cat([center, size], dim=1),
    }
    if task["attributes"]:
        target["attributes"] = torch.full((count, 16), -1)
        for row in range(count):
            some = torch.randperm(task["attributes"]["classes"] - 1, generator=random)[:row] + 1
            target["attributes"][row, :row] = some
    return target


def pictures(random, sizes):
    height, width = (max(side) for side in zip(*sizes))
    pixels = torch.zeros(len(sizes), 3, height, width)
    mask = torch.zeros(len(sizes), height, width, dtype=torch.uint8)
    for row, (h, w) in enumerate(sizes):
        pixels[row, :, :h, :w] = torch.randn(3, h, w, generator=random)
        mask[row, :h, :w] = 1
    return {"pixels": pixels, "pixelMask": mask}


def answers(random, task):
    if task["loss"] == "binary":
        scores = torch.zeros(2, task["labels"])
        scores[0, 4], scores[0, 7], scores[1, 2] = 1.0, 0.3, 0.6
        return scores
    return torch.randint(0, task["labels"], (2,), generator=random)


def make_inputs(config, seed, sizes=((96, 80), (64, 48)), counts=(4, 3)):
    """The tensors of inputs.safetensors."""
    random = torch.Generator().manual_seed(seed)
    inputs = pictures(random, sizes)
    for task in config["tasks"]:
        name = task["name"]
        if task["type"] == "detection":
            per_picture = (counts[0], 0 if name == "detection_coco" else counts[1])
            for picture, count in enumerate(per_picture):
                for key, value in objects(random, task, count).items():
                    inputs[f"{name}.targets.{picture}.{key}"] = value
        else:
            length, valid = (9, 6) if task["type"] == "vl" else (12, 7)
            for key, value in texts(random, config, length, valid).items():
                inputs[f"{name}.{key}"] = value
            inputs[f"{name}.targets"] = answers(random, task)
    return inputs
