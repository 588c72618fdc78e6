"""PyTorch's side of `recipe.py`, one process a round; prints one line of JSON.

    python opponent.py training --threads 2 --model shared.json --seconds 6
    python opponent.py equality --threads 2 --checkpoint FOLDER --unit PATH
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import torch

import network
import tensorfile

# Pieces of the longest question of easy-VQA, with [CLS] and [SEP]; nearly every batch holds one.
TOKENS = 12
BATCHES = {"detection": 32, "vqa": 64}


def batch_of(model, name):
    """Random inputs and targets of a recipe's shape."""
    task, count = model.tasks[name], BATCHES[name]
    batch = {"pixel_values": torch.randn(count, 3, 64, 64)}
    if task["type"] != "detection":
        batch["input_ids"] = torch.randint(4, 32, (count, TOKENS))
        lengths = torch.randint(7, TOKENS + 1, (count, 1))
        lengths[0] = TOKENS
        batch["attention_mask"] = torch.arange(TOKENS) < lengths
        batch["answers"] = torch.randint(0, task["labels"], (count,))
        return batch
    size = 0.2 + 0.4 * torch.rand(count, 2)
    center = size / 2 + (1 - size) * torch.rand(count, 2)
    batch["labels"] = torch.randint(0, task["classes"], (count,))
    batch["boxes"] = torch.cat([center, size], dim=1)
    batch["attributes"] = torch.randint(0, task["attributes"]["classes"], (count,))
    return batch


def training(options):
    """Milliseconds of each step of each task: forward, backward, clipping and AdamW."""
    torch.manual_seed(0)
    with open(options.model) as file:
        model = network.build(json.load(file))
    model.train()
    parameters = dict(model.named_parameters())
    fast = [p for name, p in parameters.items() if name.startswith("unit_base_model.backbone.")]
    chosen = {id(p) for p in fast}
    slow = [p for p in parameters.values() if id(p) not in chosen]
    optimizer = torch.optim.AdamW(
        [{"params": slow}, {"params": fast, "lr": 1e-3}], lr=7e-4, weight_decay=1e-4, fused=True
    )
    batches = {name: [batch_of(model, name) for _ in range(4)] for name in BATCHES}
    times = {name: [] for name in BATCHES}
    begin, step = time.perf_counter(), 0
    least = 2 * (options.warm_up + 5)
    while step < least or time.perf_counter() - begin < options.seconds:
        name = list(BATCHES)[step % 2]
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = network.loss(model, name, batches[name][step // 2 % 4])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()
        times[name].append(1e3 * (time.perf_counter() - start))
        step += 1
    return {name: series[options.warm_up :] for name, series in times.items()}


def inputs_of(name, batch):
    """A batch as `unit debug gradients` reads it."""
    if name != "detection":
        return {**batch, "attention_mask": batch["attention_mask"].long()}
    inputs = {"pixel_values": batch["pixel_values"]}
    for item in range(len(batch["labels"])):
        inputs[f"labels.{item}"] = batch["labels"][item : item + 1]
        inputs[f"boxes.{item}"] = batch["boxes"][item : item + 1]
        inputs[f"attributes.{item}"] = batch["attributes"][item : item + 1, None]
    return inputs


def equality(options):
    """Relative difference of the loss, and of the worst parameter's gradient, of each task: both
    sides must run the same network before their times are compared."""
    torch.manual_seed(0)
    with open(os.path.join(options.checkpoint, "config.json")) as file:
        model = network.build(json.load(file))
    weights = tensorfile.read(os.path.join(options.checkpoint, "model.safetensors"))
    unused = set(weights)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "pooler" not in name:
                parameter.copy_(weights[name])
                unused.discard(name)
    assert not unused, f"PyTorch's network lacks {sorted(unused)}"
    result = {}
    for name in BATCHES:
        batch = batch_of(model, name)
        with tempfile.TemporaryDirectory() as folder:
            inputs, outputs = f"{folder}/in.safetensors", f"{folder}/out.safetensors"
            tensorfile.write(inputs_of(name, batch), inputs)
            subprocess.run(
                [options.unit, "debug", "gradients", "--model", options.checkpoint, "--task", name,
                 "--inputs", inputs, "--outputs", outputs],
                check=True,
            )
            ours = tensorfile.read(outputs)
        model.zero_grad(set_to_none=True)
        loss = network.loss(model, name, batch)
        loss.backward()
        worst = {
            parameter_name: ((ours[parameter_name] - p.grad).norm() / p.grad.norm()).item()
            for parameter_name, p in model.named_parameters()
            # Keys' biases cancel in the softmax: their gradient is rounding on both sides.
            if p.grad is not None and p.grad.norm() > 1e-5
        }
        key = max(worst, key=worst.get)
        result[name] = {
            "loss": abs(ours["loss"].item() / loss.item() - 1), "gradient": worst[key],
            "parameter": key, "parameters": len(worst),
        }
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("race", choices=["training", "equality"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--model")
    parser.add_argument("--checkpoint")
    parser.add_argument("--unit")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    result = {"training": training, "equality": equality}[options.race]
    print(json.dumps({"torch": torch.__version__, **result(options)}))


if __name__ == "__main__":
    main()
