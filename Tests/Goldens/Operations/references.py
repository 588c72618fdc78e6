"""Expected values and gradients of the operations on reference points: `python references.py`.

Inputs, weights of the output's sum and names are those of elementwise.py. Computed in 64 bits from
32-bit floats and rounded once. Made with Python 3.11, torch 2.13.0+cpu, safetensors 0.8.0.
"""
import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(20211017)
entries = {}


def case(name, operation, *inputs):
    leaves = [x.double().requires_grad_() for x in inputs]
    y = operation(*leaves)
    w = torch.rand(y.shape) + 0.5
    for i, (x, dx) in enumerate(zip(inputs, torch.autograd.grad((y * w).sum(), leaves))):
        entries[f"{name}/x{i}"] = x.clone()
        entries[f"{name}/dx{i}"] = dx.float()
    entries[f"{name}/y"] = y.detach().float()
    entries[f"{name}/w"] = w


def logit(x, epsilon=1e-5):
    x = x.clamp(0, 1)
    return (x.clamp(min=epsilon) / (1 - x).clamp(min=epsilon)).log()


def sines(channels):
    def encode(x):
        exponents = 2 * torch.arange(channels // 2).double() / channels
        angles = 2 * math.pi * x[..., None] / 10000**exponents
        return torch.stack([angles.sin(), angles.cos()], -1).flatten(-3)

    return encode


case("prelu", F.prelu, torch.randn(3, 40), torch.tensor([0.3]))
case("inverse_sigmoid", logit, torch.cat([torch.rand(60), torch.tensor([-1, 1e-7, 1 - 1e-6, 2.0])]))
case("sine_encoding.2", sines(16), torch.rand(2, 5, 2))
case("sine_encoding.4", sines(8), torch.rand(1, 3, 4))
save_file(entries, os.path.join(HERE, "references.safetensors"))
