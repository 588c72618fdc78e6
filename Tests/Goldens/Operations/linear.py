"""Expected values of matrix products, convolutions, pooling, interpolation and attention.

Ran with Python 3.11, torch 2.13.0, safetensors 0.8.0. Writes linear.safetensors beside itself.
Every case holds its inputs, the output, a random weight of the output's elements and the gradients
of sum(output * weight) with respect to the inputs.
"""

import math
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

generator = torch.Generator().manual_seed(7)
entries = {}


def random(*shape):
    return torch.randn(*shape, generator=generator)


def case(name, inputs, function):
    inputs = [x.detach().clone().requires_grad_() for x in inputs]
    output = function(*inputs)
    weight = random(*output.shape)
    gradients = torch.autograd.grad((output * weight).sum(), inputs)
    for index, (x, gradient) in enumerate(zip(inputs, gradients)):
        entries[f"{name}/input{index}"] = x.detach()
        entries[f"{name}/gradient{index}"] = gradient
    entries[f"{name}/output"] = output.detach()
    entries[f"{name}/weight"] = weight


# Products
case("matmul/plain", [random(5, 7), random(7, 3)], lambda a, b: a @ b)
case("matmul/first", [random(7, 5), random(7, 3)], lambda a, b: a.mT @ b)
case("matmul/second", [random(5, 7), random(3, 7)], lambda a, b: a @ b.mT)
case("matmul/both", [random(2, 7, 5), random(2, 3, 7)], lambda a, b: a.mT @ b.mT)
case("matmul/rows", [random(2, 3, 4, 6), random(6, 5)], lambda a, b: a @ b)
case("matmul/left", [random(4, 6), random(3, 6, 5)], lambda a, b: a @ b)
case("matmul/outer", [random(2, 1, 4, 6), random(3, 6, 5)], lambda a, b: a @ b)
case("matmul/outerBoth", [random(2, 1, 6, 4), random(3, 5, 6)], lambda a, b: a.mT @ b.mT)
case("linear/bias", [random(2, 3, 7), random(5, 7), random(5)], F.linear)
case("linear/plain", [random(4, 7), random(5, 7)], F.linear)

# Rearrangements
case("transposed", [random(2, 3, 4, 5)], lambda x: x.permute(3, 0, 2, 1))
case("heads", [random(2, 6, 3, 4)], lambda x: x.permute(0, 2, 1, 3))
case("channels", [random(2, 20, 5, 7)], lambda x: x.permute(0, 2, 3, 1))
case("sliced", [random(3, 5, 4)], lambda x: x[:, 1:4])
case("concatenated", [random(2, 3, 4), random(2, 1, 4)], lambda a, b: torch.cat([a, b], 1))
case("stacked", [random(2, 3), random(2, 3)], lambda a, b: torch.stack([a, b], -1))
case("embedding", [random(6, 5)], lambda t: F.embedding(torch.tensor([[4, 0, 4], [1, 1, 1]]), t))

# Attention
def attention(heads, mask=None, valid=None):
    def run(q, k, v):
        split = lambda x: x.unflatten(-1, (heads, -1)).transpose(1, 2)
        q, k, v = split(q), split(k), split(v)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        if mask is not None:
            scores = scores + mask
        if valid is not None:
            scores = scores.masked_fill(~valid[:, None, None, :], -math.inf)
        return (scores.softmax(-1).nan_to_num(0) @ v).transpose(1, 2).flatten(2)
    return run


case("attention/plain", [random(2, 5, 8), random(2, 19, 8), random(2, 19, 6)], attention(2))
valid = torch.tensor([[True] * 5 + [False] * 2, [False, True, True] + [False] * 4])
case("attention/padding", [random(2, 3, 8), random(2, 7, 8), random(2, 7, 8)],
     attention(4, valid=valid))
for name, shape in [("queries", (4, 7)), ("samples", (2, 1, 4, 7)), ("heads", (2, 2, 4, 7))]:
    mask = random(*shape)
    mask[..., 3] = -math.inf
    entries[f"attention/{name}/mask"] = mask
    case(f"attention/{name}", [random(2, 4, 6), random(2, 7, 6), random(2, 7, 6)],
         attention(2, mask=mask, valid=valid))
case("attention/one", [random(1, 1, 4), random(1, 1, 4), random(1, 1, 4)], attention(1))

# Convolutions
def convolution(name, inputs, **options):
    case(f"convolution/{name}", inputs, lambda x, w, b: F.conv2d(x, w, b, **options))


convolution("plain", [random(2, 3, 6, 5), random(4, 3, 3, 3), random(4)], padding=1)
convolution("point", [random(2, 5, 4, 3), random(6, 5, 1, 1), random(6)])
convolution("pointStride", [random(2, 5, 7, 6), random(6, 5, 1, 1), random(6)], stride=2)
convolution("stride", [random(2, 3, 9, 8), random(4, 3, 3, 3), random(4)], stride=2, padding=1)
convolution("stem", [random(1, 3, 17, 15), random(4, 3, 7, 7), random(4)], stride=2, padding=3)
convolution("dilation", [random(2, 3, 8, 9), random(4, 3, 3, 3), random(4)], padding=2, dilation=2)
convolution("even", [random(1, 2, 5, 7), random(3, 2, 2, 4), random(3)], padding=1)
convolution("groups", [random(2, 4, 6, 5), random(6, 2, 3, 3), random(6)], padding=1, groups=2)
convolution("depthwise", [random(2, 5, 7, 9), random(5, 1, 3, 3), random(5)], padding=1, groups=5)
convolution("depthwiseStride", [random(2, 5, 8, 21), random(5, 1, 5, 5), random(5)], stride=2,
            padding=2, groups=5)
convolution("multiplier", [random(2, 3, 6, 5), random(6, 1, 3, 3), random(6)], padding=2,
            dilation=2, groups=3)


def fused(activation, **options):
    def run(x, w, scale, shift, residual=None):
        y = F.conv2d(x, w, **options) * scale[:, None, None] + shift[:, None, None]
        if residual is not None:
            y = y + residual
        return activation(y)
    return run


case("fused/none", [random(2, 3, 5, 5), random(4, 3, 3, 3), random(4), random(4)],
     fused(lambda y: y, padding=1))
case("fused/residual", [random(2, 3, 5, 5), random(4, 3, 3, 3), random(4), random(4),
                        random(2, 4, 5, 5)], fused(F.relu, padding=1))
case("fused/relu6", [random(2, 3, 6, 5), random(4, 3, 1, 1), 3 * random(4), 3 * random(4)],
     fused(F.relu6))
case("fused/depthwise", [random(2, 4, 6, 5), random(4, 1, 3, 3), random(4), random(4),
                         random(2, 4, 6, 5)], fused(F.relu, padding=1, groups=4))
case("frozen", [random(2, 3, 4, 5), random(3), random(3)],
     lambda x, s, t: x * s[:, None, None] + t[:, None, None])

# Pooling and interpolation
case("maxPool/stem", [random(2, 3, 9, 12)], lambda x: F.max_pool2d(x, 3, 2, 1))
case("maxPool/even", [random(2, 3, 8, 7)], lambda x: F.max_pool2d(x, 2, 2))
case("averagePool/even", [random(2, 3, 8, 7)], lambda x: F.avg_pool2d(x, 2, 2))
case("averagePool/padding", [random(2, 3, 9, 12)], lambda x: F.avg_pool2d(x, 3, 2, 1))
for name, size in [("up", (7, 11)), ("down", (3, 2)), ("one", (1, 1))]:
    x = random(2, 2, 4, 5)
    case(f"interpolated/nearest/{name}", [x], lambda x: F.interpolate(x, size))
    case(f"interpolated/centres/{name}", [x],
         lambda x: F.interpolate(x, size, mode="bilinear", align_corners=False))
    case(f"interpolated/corners/{name}", [x],
         lambda x: F.interpolate(x, size, mode="bilinear", align_corners=True))

save_file({name: x.contiguous() for name, x in sorted(entries.items())},
          os.path.join(os.path.dirname(os.path.abspath(__file__)), "linear.safetensors"))
