"""The network of an easy-VQA recipe in PyTorch, and its losses.

It is the network of the goldens (`../Goldens/UniT/reference.py`) with what that one lacks: a small
backbone with trained scales, and layers that normalise before each part. `configuration` is the
content of a recipe's model file, such as `datasets/EasyVQA/Recipes/shared.json`.
"""

import os
import sys

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Goldens/UniT"))
import reference  # noqa: E402


class Affine(nn.Module):
    """A trained scale and shift, as one call of PyTorch's batch normalisation without statistics."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("zeros", torch.zeros(channels), persistent=False)
        self.register_buffer("ones", torch.ones(channels), persistent=False)

    def forward(self, x):
        return F.batch_norm(x, self.zeros, self.ones, self.weight, self.bias, eps=0.0)


class Block(reference.BasicBlock):
    def __init__(self, inputs, width, stride):
        super().__init__(inputs, width, stride, 1)
        self.bn1, self.bn2 = Affine(width), Affine(width)
        if self.downsample is not None:
            self.downsample[1] = Affine(width)


class SmallResNet(nn.Module):
    """Basic blocks after a stem without pooling; the first stage keeps the resolution."""

    def __init__(self, settings):
        super().__init__()
        stem = settings["stem"]
        assert settings["block"] == "basic" and settings["norm"] == "affine" and not stem["pool"]
        self.conv1 = reference.convolution(3, stem["width"], stem["kernel"], stem["stride"])
        self.bn1 = Affine(stem["width"])
        channels, stages = stem["width"], list(zip(settings["widths"], settings["depths"]))
        for stage, (width, depth) in enumerate(stages, start=1):
            blocks = []
            for index in range(depth):
                blocks.append(Block(channels, width, 2 if index == 0 and stage > 1 else 1))
                channels = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.stages = len(stages)

    def forward(self, pixels):
        x = F.relu(self.bn1(self.conv1(pixels)))
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"layer{stage}")(x)
        return x


def padding(mask):
    """What is to be ignored, or None where nothing is: attention without a mask is faster."""
    return None if mask.all() else ~mask


class EncoderLayer(reference.EncoderLayer):
    """Normalises before each part."""

    def forward(self, x, positions, mask):
        normal = self.norm1(x)
        placed = normal + positions
        y, _ = self.self_attn(
            placed, placed, normal, key_padding_mask=padding(mask), need_weights=False
        )
        x = x + y
        return x + self.linear2(F.relu(self.linear1(self.norm2(x))))


class DecoderLayer(reference.DecoderLayer):
    """Normalises before each part."""

    def forward(self, x, queries, memory, positions, mask):
        normal = self.norm1(x)
        placed = normal + queries
        y, _ = self.self_attn(placed, placed, normal, need_weights=False)
        x = x + y
        y, _ = self.multihead_attn(
            self.norm2(x) + queries, memory + positions, memory, key_padding_mask=padding(mask),
            need_weights=False,
        )
        x = x + y
        return x + self.linear2(F.relu(self.linear1(self.norm3(x))))


def described(configuration):
    """The recipe's configuration in the words of the goldens."""
    image, text, decoder = (configuration[key] for key in ("image", "text", "decoder"))

    def transformer(part):
        assert part["dropout"] == 0
        return {
            "width": part["width"], "heads": part["heads"], "layers": part["layers"],
            "feedForward": part["feedforward"],
        }

    tasks = []
    for task in configuration["tasks"]:
        entry = {
            "name": task["name"], "type": task["group"], "index": task["index"],
            "queries": task["queries"], "classes": len(task["labels"]),
            "labels": len(task["labels"]), "clsOnly": task["keep_only_cls"],
        }
        if task.get("attributes"):
            settings = task["attributes"]
            entry["attributes"] = {
                "classes": len(settings["labels"]), "embedding": settings["embedding"],
                "hidden": settings["hidden"],
            }
        tasks.append(entry)
    channels = image["backbone"]["widths"][-1]
    return {
        # Only its number of channels counts: the recipe's own backbone takes its place.
        "backbone": {
            "block": "basic", "stem": 8, "widths": [8, 8, 8, channels], "layers": [1, 1, 1, 1],
            "dc5": False,
        },
        "imageEncoder": {**transformer(image), "residual": image["residual_in_encoder"]},
        "text": {
            **transformer(text), "vocabulary": text["vocabulary"],
            "positions": text["positions"], "types": text["types"],
        },
        "decoder": {**transformer(decoder), "shared": decoder["shared"]},
        "taskTokens": {"image": True, "text": True, "rows": image["task_embeddings"]},
        "tasks": tasks,
        "losses": {"noObjectWeight": 0.1},
    }


def layers(kind, settings):
    return nn.ModuleList(
        kind(settings["width"], settings["heads"], settings["feedForward"])
        for _ in range(settings["layers"])
    )


def build(configuration):
    """The recipe's network with PyTorch's own random weights."""
    words = described(configuration)
    model = reference.UniT(words)
    base = model.unit_base_model
    base.backbone[0].body = SmallResNet(configuration["image"]["backbone"])
    assert configuration["image"]["normalize_before"]
    assert configuration["decoder"]["normalize_before"]
    base.transformer.encoder.layers = layers(EncoderLayer, words["imageEncoder"])
    decoders = {id(d): d for group in base.transformer.decoders.values() for d in group.values()}
    for decoder in decoders.values():
        decoder.layers = layers(DecoderLayer, words["decoder"])
    return model


def states(model, name, batch):
    """The states after every decoder layer, `[layers, batch, queries, width]`."""
    task = model.tasks[name]
    pixels = batch["pixel_values"]
    everywhere = torch.ones(pixels[:, 0].shape, dtype=torch.bool)
    parts = [model.see(task, pixels, everywhere)[1:]]
    if "input_ids" in batch:
        ids = batch["input_ids"]
        parts.append(model.read(task, ids, torch.zeros_like(ids), batch["attention_mask"])[1:])
    memory, places, mask = (torch.cat(part, dim=1) for part in zip(*parts))
    base = model.unit_base_model
    queries = base.query_embeds[task["type"]][name].weight
    return base.transformer.decoders[task["type"]][name](queries, memory, places, mask)


def generalized_iou(a, b):
    """Boxes as centre and extent, broadcast: [..., 4] x [..., 4] -> [...]."""
    (a0, a1), (b0, b1) = ((x[..., :2] - x[..., 2:] / 2, x[..., :2] + x[..., 2:] / 2) for x in (a, b))
    shared = (torch.minimum(a1, b1) - torch.maximum(a0, b0)).clamp(min=0).prod(-1)
    union = a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - shared
    hull = (torch.maximum(a1, b1) - torch.minimum(a0, b0)).prod(-1)
    return shared / union - (hull - union) / hull


def detection_loss(model, name, states, batch):
    """DETR's loss of every layer. A picture of easy-VQA holds one object, so the cheapest query is
    the assignment; no solver is needed."""
    labels, truth = batch["labels"], batch["boxes"]
    rows = torch.arange(len(labels))
    holder = model.det_losses[name]
    logits, boxes = model.class_embeds[name](states), model.bbox_embeds[name](states).sigmoid()
    total = 0
    for state, scores, places in zip(states, logits, boxes):
        with torch.no_grad():
            chance = scores.softmax(-1)[rows, :, labels]
            distance = (places - truth[:, None]).abs().sum(-1)
            overlap = generalized_iou(places, truth[:, None])
            query = (5 * distance - chance - 2 * overlap).argmin(1)
        wanted = torch.full(scores.shape[:2], scores.shape[2] - 1)
        wanted[rows, query] = labels
        found = places[rows, query]
        described = holder.attribute_head(state[rows, query], labels)
        terms = 0.5 * F.cross_entropy(described, batch["attributes"], reduction="none")
        total = (
            total
            + F.cross_entropy(scores.flatten(0, 1), wanted.flatten(), holder.empty_weight)
            + 5 * (found - truth).abs().sum() / len(labels)
            + 2 * (1 - generalized_iou(found, truth)).sum() / len(labels)
            + terms.sum() / (terms != 0).sum().clamp(min=1)
        )
    return total


def loss(model, name, batch):
    """The loss of one task's batch."""
    task, reached = model.tasks[name], states(model, name, batch)
    if task["type"] == "detection":
        return detection_loss(model, name, reached, batch)
    scores = model.classifiers[task["type"]][name](reached[-1][:, 0])
    return F.cross_entropy(scores, batch["answers"])
