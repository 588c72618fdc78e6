"""Expected values and gradients of the elementwise operations, reductions, norms and losses.

Ran with Python 3.11, torch 2.13.0, safetensors 0.8.0, on the CPU:  python elementwise.py

For each case: inputs `<case>/x0`, `<case>/x1`, ...; `<case>/y`; the weights of the output's sum
`<case>/w`; and the gradients of that sum `<case>/dx0`, ... Inputs are 32-bit floats, the rest is
computed from them in 64 bits and rounded once.
"""
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(20211017)
entries = {}


def normal(*shape, scale=1.5):
    return torch.randn(shape) * scale


def between(low, high, *shape):
    return torch.rand(shape) * (high - low) + low


def case(name, operation, *inputs):
    leaves = [x.double().requires_grad_() for x in inputs]
    y = operation(*leaves)
    w = torch.rand(y.shape) + 0.5
    gradients = torch.autograd.grad((y * w).sum(), leaves, allow_unused=True)
    for i, (x, dx) in enumerate(zip(inputs, gradients)):
        entries[f"{name}/x{i}"] = x.clone()
        if dx is not None:
            entries[f"{name}/dx{i}"] = dx.float()
    entries[f"{name}/y"] = y.detach().float()
    entries[f"{name}/w"] = w


# Arithmetic
for name, operation in {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div,
    "maximum": torch.maximum, "minimum": torch.minimum,
}.items():
    for suffix, (a, b) in {
        "same": ((5, 37), (5, 37)), "bias": ((2, 3, 19), (19,)), "left": ((19,), (2, 3, 19)),
        "outer": ((6, 1), (1, 7)), "channel": ((2, 3, 4, 5), (3, 1, 1)), "scalar": ((3, 5), ()),
        "both": ((2, 1, 3, 1), (4, 1, 5)),
    }.items():
        y = normal(*b)
        y = y + torch.sign(y) * 0.5
        case(f"{name}.{suffix}", operation, normal(*a), y)
ties = torch.tensor([1.0, 2.0, -3.0, 0.5])
case("maximum.ties", torch.maximum, ties, torch.tensor([1.0, -2.0, -3.0, 4.0]))
case("minimum.ties", torch.minimum, ties, torch.tensor([1.0, -2.0, -3.0, 4.0]))

# Functions
edges = torch.tensor([-104.0, -88.0, -30.0, -10.0, -6.0, -4.0, -1.0, -0.97, -0.625, -1e-3, -1e-8, 0,
                      1e-8, 1e-3, 0.5, 0.625, 0.97, 1.0, 3.0, 4.0, 6.0, 10.0, 30.0, 87.0])
both = torch.cat([normal(101, scale=2), edges])
for name, operation in {
    "relu": F.relu, "relu6": F.relu6, "gelu": F.gelu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "magnitude": torch.abs,
    "clamped": lambda x: x.clamp(-1, 3),
}.items():
    case(name, operation, both)
case("exponential", torch.exp, torch.cat([normal(101), edges[5:-2]]))
case("logarithm", torch.log, torch.cat([between(0.2, 9, 101), torch.tensor([1.0, 0.5, 2, 1e9])]))
case("square_root", torch.sqrt, between(0.2, 9, 101))

# Reductions
for suffix, axes in {"all": (0, 1, 2), "first": (0,), "middle": (1,), "last": (2,),
                     "ends": (0, 2)}.items():
    x = normal(3, 5, 17)
    case(f"sum.{suffix}", lambda x: x.sum(axes), x)
    case(f"mean.{suffix}", lambda x: x.mean(axes), x)
    case(f"greatest.{suffix}", lambda x: x.amax(axes), x)
repeated = torch.tensor([[1.0, 3, 3, 2], [5, 5, 5, 5]])
case("greatest.ties", lambda x: x.amax(1), repeated)

# Softmax and norm
for suffix, shape in {"wide": (4, 101), "narrow": (3, 4, 5), "one": (3, 1), "vector": (33,)}.items():
    x = normal(*shape, scale=3)
    case(f"softmax.{suffix}", lambda x: x.softmax(-1), x)
    case(f"log_softmax.{suffix}", lambda x: x.log_softmax(-1), x)
masked = normal(2, 20)
masked[:, 5:9] = -math.inf
case("softmax.masked", lambda x: x.softmax(-1), masked)
case("softmax.large", lambda x: x.softmax(-1), normal(2, 20) * 100 + 1000)
for suffix, shape, epsilon in (("wide", (7, 101), 1e-5), ("narrow", (2, 3, 6), 1e-12),
                               ("offset", (4, 64), 1e-5)):
    x = normal(*shape) + (10 if suffix == "offset" else 0)
    n = shape[-1]
    case(f"layer_norm.{suffix}", lambda x, w, b: F.layer_norm(x, (n,), w, b, epsilon),
         x, between(0.5, 1.5, n), normal(n))

# Losses
logits = normal(9, 11, scale=3)
targets = torch.tensor([0, 3, 10, 5, 5, 2, 7, 3, 1])
weights = between(0.1, 2, 11)
entries["cross_entropy/targets"] = targets
entries["cross_entropy/weights"] = weights
case("cross_entropy.plain", lambda x: F.cross_entropy(x, targets), logits)
case("cross_entropy.weighted", lambda x: F.cross_entropy(x, targets, weights.double()), logits)
case("cross_entropy.ignoring",
     lambda x: F.cross_entropy(x, targets, weights.double(), ignore_index=5), logits)
case("binary", lambda x, t: F.binary_cross_entropy_with_logits(x, t.detach()),
     torch.cat([normal(50, scale=4), edges]).reshape(2, 37), between(0, 1, 2, 37))
pair = normal(6, 4), normal(6, 4)
pair[1][2] = pair[0][2]
case("absolute_difference", lambda a, b: (a - b).abs().sum(), *pair)


# Boxes
def corners(x):
    cx, cy, w, h = x.unbind(-1)
    return torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1)


def generalized_iou(a, b):
    def size(p, q):
        return (q - p).clamp(min=0)

    inter = size(torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])).prod(1)
    hull = size(torch.minimum(a[:, :2], b[:, :2]), torch.maximum(a[:, 2:], b[:, 2:])).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter
    return inter / union - (hull - union) / hull


case("corners", corners, between(0.2, 0.8, 2, 7, 4))
a = corners(torch.cat([between(0.2, 0.8, 40, 2), between(0.05, 0.5, 40, 2)], 1))
b = corners(torch.cat([between(0.2, 0.8, 40, 2), between(0.05, 0.5, 40, 2)], 1))
# Equal, inside, touching at an edge, sharing a side, far apart.
a = torch.cat([a, torch.tensor([[0.25, 0.25, 0.5, 0.75], [0, 0, 1, 1.0], [0, 0, 0.5, 0.5],
                                [0.25, 0, 0.5, 1], [0, 0, 0.1, 0.1]])])
b = torch.cat([b, torch.tensor([[0.25, 0.25, 0.5, 0.75], [0.25, 0.25, 0.5, 0.75],
                                [0.5, 0, 1.0, 0.5], [0.25, 0.5, 1, 0.75], [0.8, 0.9, 1, 1]])])
case("generalized_iou", generalized_iou, a, b)

save_file(entries, pathlib.Path(__file__).with_name("elementwise.safetensors"))
