"""UniT's losses in PyTorch: matching, classes, boxes, attributes, answers.

Boxes are (center x, center y, width, height) relative to the picture. A target of one picture is a
dictionary: `labels` [n], `boxes` [n, 4] and, for tasks with attributes, `attributes` [n, 16] padded
with -1.
"""

import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment


def corners(boxes):
    center, size = boxes[..., :2], boxes[..., 2:]
    return torch.cat([center - size / 2, center + size / 2], dim=-1)


def generalized_iou(a, b):
    """Corner boxes, broadcast against each other: [..., 4] x [..., 4] -> [...]."""

    def area(box):
        return (box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1)

    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = area(torch.cat([low, high], dim=-1))
    union = area(a) + area(b) - shared
    low, high = torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])
    hull = area(torch.cat([low, high], dim=-1))
    return shared / union - (hull - union) / hull


@torch.no_grad()
def costs(logits, boxes, target, weights):
    """[queries, n] matching cost of one picture."""
    chance = logits.softmax(-1)[:, target["labels"]]
    distance = (boxes[:, None] - target["boxes"][None]).abs().sum(-1)
    overlap = generalized_iou(corners(boxes)[:, None], corners(target["boxes"])[None])
    return weights["l1"] * distance - weights["class"] * chance - weights["giou"] * overlap


def match(logits, boxes, targets, weights):
    """Per picture (query indices ascending, target indices), the cheapest assignment."""
    pairs = []
    for picture, target in enumerate(targets):
        matrix = costs(logits[picture], boxes[picture], target, weights)
        queries, objects = linear_sum_assignment(matrix.numpy())
        pairs.append((torch.as_tensor(queries), torch.as_tensor(objects)))
    return pairs


def attribute_loss(logits, attributes):
    """logits [rows, classes], attributes [rows, 16]: half the cross-entropy, averaged over a row's
    valid attributes, then over the rows whose loss is not zero."""
    valid = attributes >= 0
    logs = logits.log_softmax(-1)
    terms = -0.5 * logs.gather(1, attributes.clamp(min=0)) * valid
    rows = terms.sum(1) / valid.sum(1).clamp(min=1)
    return rows.sum() / (rows != 0).sum().clamp(min=1)


def layer_losses(states, logits, boxes, targets, no_object_weights, head, weights):
    """One decoder layer's (losses, matching)."""
    pairs = match(logits, boxes, targets, weights)
    batch, queries, classes = logits.shape
    wanted = torch.full((batch, queries), classes - 1)
    attributes = torch.full((batch, queries, 16), -1)
    for picture, (chosen, objects) in enumerate(pairs):
        wanted[picture, chosen] = targets[picture]["labels"][objects]
        if head is not None:
            attributes[picture, chosen] = targets[picture]["attributes"][objects]
    losses = {
        "loss_ce": F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), no_object_weights)
    }
    if head is not None:
        losses["loss_attr"] = attribute_loss(
            head(states, wanted).flatten(0, 1), attributes.flatten(0, 1)
        )
    count = max(1, sum(len(target["labels"]) for target in targets))
    found = torch.cat([boxes[picture, chosen] for picture, (chosen, _) in enumerate(pairs)])
    truth = torch.cat([targets[i]["boxes"][objects] for i, (_, objects) in enumerate(pairs)])
    losses["loss_bbox"] = (found - truth).abs().sum() / count
    losses["loss_giou"] = (1 - generalized_iou(corners(found), corners(truth))).sum() / count
    return losses, pairs


def detection_losses(outputs, targets, no_object_weights, head, config):
    """(unweighted losses by name, weighted total, matchings by layer). The last layer's names are
    bare, the earlier layers' end in `_0`, `_1`, ..."""
    layers = len(outputs["logits"])
    losses, matchings = {}, []
    for layer in range(layers):
        terms, pairs = layer_losses(
            outputs["decoder.states"][layer],
            outputs["logits"][layer],
            outputs["boxes"][layer],
            targets,
            no_object_weights,
            head,
            config["matching"],
        )
        suffix = "" if layer == layers - 1 else f"_{layer}"
        losses.update({name + suffix: value for name, value in terms.items()})
        matchings.append(pairs)
    weight = {
        "loss_ce": config["class"],
        "loss_bbox": config["l1"],
        "loss_giou": config["giou"],
        "loss_attr": config["attribute"],
    }
    total = sum(weight["_".join(name.split("_")[:2])] * value for name, value in losses.items())
    return losses, total, matchings


def answer_losses(scores, target, loss):
    """`target` is [batch, labels] scores for "binary", class indices [batch] for "categorical"."""
    if loss == "binary":
        value = F.binary_cross_entropy_with_logits(scores, target) * target.shape[1]
    else:
        value = F.cross_entropy(scores, target)
    return {"loss_0": value}, value
