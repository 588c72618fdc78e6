"""Expected outputs and gradients of Transformer layers: `python transformer.py`.

torch.nn's own layers, in double from float32 weights, without dropout, once normalising after each
part (`post`) and once before it (`pre`). Positions are added outside: the layers get none. Every
name is `<encoder|decoder>.<pre|post>.<what>`: the parameters, `x`, `memory` (decoder), `padding`
(1 = valid), `output`, and `gradient.<parameter or input>` of the sum of output * weights.
Made with Python 3.11, torch 2.13.0+cpu, safetensors 0.8.0.
"""

import os

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEADS, HIDDEN = 16, 4, 24


def case(kind, first, tensors):
    torch.manual_seed(7)
    options = dict(dropout=0.0, batch_first=True, norm_first=first)
    make = nn.TransformerEncoderLayer if kind == "encoder" else nn.TransformerDecoderLayer
    layer = make(WIDTH, HEADS, HIDDEN, **options)
    for name, parameter in layer.named_parameters():
        nn.init.normal_(parameter, 1.0 if "norm" in name and "weight" in name else 0.0, 0.3)
    layer = layer.double()
    x = torch.randn(2, 5, WIDTH).double().requires_grad_()
    memory = torch.randn(2, 7, WIDTH).double().requires_grad_()
    source = x if kind == "encoder" else memory
    padding = torch.ones(source.shape[:2], dtype=torch.bool)
    padding[1, -2:] = False
    if kind == "encoder":
        output = layer(x, src_key_padding_mask=~padding)
    else:
        output = layer(x, memory, memory_key_padding_mask=~padding)
    weights = torch.randn(output.shape).double()
    if kind == "encoder":
        weights[~padding] = 0
    (output * weights).sum().backward()
    place = f"{kind}.{'pre' if first else 'post'}."
    inputs = {"x": x} if kind == "encoder" else {"x": x, "memory": memory}
    for name, tensor in {**dict(layer.named_parameters()), **inputs}.items():
        tensors[place + name] = tensor.detach().float().contiguous()
        tensors[place + "gradient." + name] = tensor.grad.float().contiguous()
    tensors[place + "padding"] = padding.to(torch.uint8)
    tensors[place + "weights"] = weights.float()
    tensors[place + "output"] = output.detach().float().contiguous()


def main():
    tensors = {}
    for kind in ("encoder", "decoder"):
        for first in (False, True):
            case(kind, first, tensors)
    save_file(tensors, os.path.join(HERE, "transformer.safetensors"))


if __name__ == "__main__":
    main()
