"""One task on one batch: outputs, losses, gradients; and the files they go to."""

import json
import os

import torch
from safetensors.torch import save_file

from criterion import answer_losses, detection_losses
from reference import UniT
from samples import randomise


def batch_of(inputs, task, precision, rows=slice(None), length=None):
    """The arguments of `UniT.forward` after the task's name."""
    arguments = {}
    if task["type"] != "glue":
        arguments["pixels"] = inputs["pixels"][rows].to(precision)
        arguments["pixel_mask"] = inputs["pixelMask"][rows].bool()
    if task["type"] != "detection":
        for key, name in (("ids", "ids"), ("types", "types"), ("mask", "text_mask")):
            arguments[name] = inputs[f"{task['name']}.{key}"][rows, :length]
        arguments["text_mask"] = arguments["text_mask"].bool()
    return arguments


def targets_of(inputs, task, precision):
    name = task["name"]
    if task["type"] != "detection":
        target = inputs[f"{name}.targets"]
        return target.to(precision) if target.is_floating_point() else target
    targets = []
    for picture in range(2):
        prefix = f"{name}.targets.{picture}."
        target = {k[len(prefix):]: v for k, v in inputs.items() if k.startswith(prefix)}
        target["boxes"] = target["boxes"].to(precision)
        targets.append(target)
    return targets


def run(model, inputs, task, precision):
    """(named outputs, losses by name, total, matchings) of one task."""
    outputs = model(task["name"], **batch_of(inputs, task, precision))
    targets = targets_of(inputs, task, precision)
    if task["type"] == "detection":
        holder = model.det_losses[task["name"]]
        losses, total, matchings = detection_losses(
            outputs, targets, holder.empty_weight, holder.attribute_head, model.config["losses"]
        )
        return outputs, losses, total, matchings
    losses, total = answer_losses(outputs["answers"], targets, task["loss"])
    return outputs, losses, total, []


def named_outputs(outputs, losses, total, matchings):
    named = dict(outputs)
    named.update({f"loss.{name}": value for name, value in losses.items()})
    named["total"] = total
    for layer, pairs in enumerate(matchings):
        for picture, (queries, found) in enumerate(pairs):
            named[f"matches.{layer}.{picture}.queries"] = queries
            named[f"matches.{layer}.{picture}.objects"] = found
    return named


def build(config, seed, precision):
    model = UniT(config)
    randomise(model, seed)
    return model.to(precision)


def case(config, inputs, seed, precision, gradient_tasks=()):
    """(parameters, outputs, gradients) of one case."""
    model = build(config, seed, precision)
    parameters = dict([*model.named_parameters(), *model.named_buffers()])
    results, gradients = {}, {}
    for task in config["tasks"]:
        name = task["name"]
        model.zero_grad(set_to_none=True)
        outputs, losses, total, matchings = run(model, inputs, task, precision)
        for key, value in named_outputs(outputs, losses, total, matchings).items():
            results[f"{name}.{key}"] = value.detach()
        if name in gradient_tasks:
            total.backward()
            for key, value in model.named_parameters():
                if value.grad is not None:
                    gradients[f"{name}.{key}"] = value.grad
    return parameters, results, gradients


def store(tensors, folder, file):
    """Floats as float32, masks as uint8, integers as int64."""
    stored = {}
    for name, x in tensors.items():
        x = x.detach()
        if x.is_floating_point():
            x = x.float()
        elif x.dtype == torch.bool:
            x = x.to(torch.uint8)
        stored[name] = x.contiguous().clone()
    path = os.path.join(folder, file)
    # One entry of metadata only: the order of several would differ from run to run.
    save_file(stored, path, metadata={"torch": torch.__version__})
    os.chmod(path, 0o644)
    return os.path.getsize(path)


def store_json(value, folder, file):
    with open(os.path.join(folder, file), "w") as out:
        json.dump(value, out, indent=2)
        out.write("\n")


def spread(exact, rough):
    """Largest difference of float32 arithmetic from double, per kind of output."""
    worst = {}
    for name, x in exact.items():
        if x.is_floating_point() and x.numel():
            kind = name.split(".", 1)[1]
            difference = (rough[name].double() - x.double()).abs().max().item()
            worst[kind] = max(worst.get(kind, 0), difference)
    return max(worst.items(), key=lambda entry: entry[1])
