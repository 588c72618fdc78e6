"""Makes a training trace: `python trace/make.py` writes ten joint training steps beside this file.

The network is small (shared decoder, task tokens on, `network` in trace.json in the format of
../make.py) and has two tasks, detection with attributes and picture + question. Even steps train
the first, odd steps the second; two batches alternate: step s uses batch (s / 2) mod 2.

A step: gradients of the task's weighted total; all gradients together clipped to a global L2 norm
of 0.1 (factor 0.1 / (norm + 1e-6), at most 1); AdamW as in torch.optim.AdamW: rate 1e-3, betas 0.9
and 0.999, epsilon 1e-8, weight decay 1e-4 (decoupled: p *= 1 - rate * decay). Every parameter
trains, the stem too; frozen batch norms do not. A parameter that took no part in a step is left
alone entirely: no decay, no moments, and its own count of steps for the bias correction does not
advance. What took part with a zero gradient (unused rows of a table) does decay.

    trace.json                 network, optimizer, steps: task, batch, losses (unweighted, by name),
                               total (weighted), gradientNorm (before clipping)
    initial.safetensors        every parameter and buffer before the first step
    batches.safetensors        `<batch>.` + the names of ../inputs.safetensors
    final.safetensors          every parameter after the last step

    trace.json also tells what to expect of float32. negligible: parameters whose gradient is zero
    by mathematics, so only rounding and decay move them; compare them absolutely. floatSpread:
    what the same training in float32 PyTorch came to, as the largest relative difference of a
    total, and of a parameter |float32 - double| / |double - initial| (L2 norms of a tensor,
    negligible ones left out). AdamW divides by the gradient's own size, so small gradients carry
    their relative error into full-sized steps; a threshold of 5 % of a tensor's change still
    catches a wrong rule at once.

Versions as in ../make.py; double arithmetic, rounded once when stored.
"""

import os
import sys

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from configurations import tiny, tiny_tasks
from running import build, run, store, store_json
from samples import make_inputs

OPTIMIZER = {
    "rate": 1e-3, "betas": [0.9, 0.999], "epsilon": 1e-8, "weightDecay": 1e-4, "clip": 0.1,
}
NETWORK = tiny(
    layers=2,
    tasks=[
        task for task in tiny_tasks() if task["name"] in ("detection_visual_genome", "vqa2")
    ],
)
STEPS, SEED = 10, 300


def train(batches, precision):
    """(initial tensors, final parameters, steps, matchings, largest gradient by name)."""
    model = build(NETWORK, SEED, precision)
    tensors = [*model.named_parameters(), *model.named_buffers()]
    initial = {name: x.detach().clone() for name, x in tensors}
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=OPTIMIZER["rate"], betas=OPTIMIZER["betas"],
        eps=OPTIMIZER["epsilon"], weight_decay=OPTIMIZER["weightDecay"],
    )
    log, matchings, largest = [], [], {}
    for step in range(STEPS):
        task, batch = NETWORK["tasks"][step % 2], step // 2 % 2
        optimizer.zero_grad(set_to_none=True)
        _, losses, total, pairs = run(model, batches[batch], task, precision)
        total.backward()
        for name, x in model.named_parameters():
            if x.grad is not None:
                largest[name] = max(largest.get(name, 0), x.grad.abs().max().item())
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), OPTIMIZER["clip"])
        optimizer.step()
        matchings.append(str(pairs))
        log.append({
            "task": task["name"],
            "batch": batch,
            "losses": {name: value.item() for name, value in losses.items()},
            "total": total.item(),
            "gradientNorm": norm.item(),
        })
    final = {name: x.detach().clone() for name, x in model.named_parameters()}
    return initial, final, log, matchings, largest


def spread_of(initial, final, rough, negligible):
    """The parameter where float32 ends farthest from double, relative to how far it moved."""
    ratios = {
        name: ((rough[name].double() - x).norm() / (x - initial[name]).norm()).item()
        for name, x in final.items()
        if name not in negligible and (x != initial[name]).any()
    }
    return max(ratios.items(), key=lambda entry: entry[1])


def main():
    torch.set_num_threads(1)
    batches = [
        make_inputs(NETWORK, seed, sizes=((64, 48), (48, 24)), counts=(3, 2)) for seed in (310, 311)
    ]
    initial, final, log, matchings, largest = train(batches, torch.float64)
    _, rough, rough_log, rough_matchings, _ = train(batches, torch.float32)
    assert matchings == rough_matchings, "a matching is too close to call"
    negligible = sorted(name for name, value in largest.items() if value < 1e-12)
    totals = max(abs(a["total"] / b["total"] - 1) for a, b in zip(log, rough_log))
    name, worst = spread_of(initial, final, rough, negligible)
    print("totals", [round(step["total"], 5) for step in log])
    print(f"float32 spread: totals {totals:.1e}, parameters {worst:.1e} ({name})")
    print("negligible", negligible)
    named = {f"{i}.{name}": x for i, batch in enumerate(batches) for name, x in batch.items()}
    sizes = [
        store(initial, HERE, "initial.safetensors"),
        store(final, HERE, "final.safetensors"),
        store(named, HERE, "batches.safetensors"),
    ]
    trace = {
        "network": NETWORK,
        "optimizer": OPTIMIZER,
        "steps": log,
        "negligible": negligible,
        "floatSpread": {"total": float(f"{totals:.1e}"), "parameter": float(f"{worst:.1e}")},
    }
    store_json(trace, HERE, "trace.json")
    print(sizes, sum(sizes))


if __name__ == "__main__":
    main()
