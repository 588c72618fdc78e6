"""Writes types.safetensors: the same few numbers in every element type; and rounding.safetensors:
numbers of all magnitudes as PyTorch rounds them to 16 bits.

Ran with safetensors 0.8.0, torch 2.13.0.   python make_types.py
"""
import pathlib
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
special = torch.tensor(
    [0.0, -0.0, 1.0, -2.5, 65504.0, 6.1e-5, 5.96e-8, float("inf"), float("-inf"), 1e-3, 3.14159])
whole = torch.tensor([[0, 1, 127], [5, 42, 100]])
tensors = {
    "f64": special.double(), "f32": special.float(), "f16": special.half(),
    "bf16": special.bfloat16(), "i64": whole.long(), "i32": -whole.int(),
    "i16": -whole.short(), "i8": -whole.char(), "u8": whole.byte() + 128,
    "bool": whole > 4, "scalar": torch.tensor(7.5), "empty": torch.zeros(3, 0, 2),
    "big": torch.tensor([2**62 + 1, -2**63]),
}
tensors["f16_all"] = torch.arange(0, 65536, 7, dtype=torch.int32).to(torch.int16).view(torch.float16)
for kind in ["f64", "f16", "bf16", "f16_all"]:
    tensors[f"{kind}_as_f32"] = tensors[kind].float()
save_file(tensors, here / "types.safetensors", metadata={"format": "pt", "note": "Größe \"1\"\n"})

generator = torch.Generator().manual_seed(1)
bits = torch.randint(-2**31, 2**31, (4096,), dtype=torch.int64, generator=generator)
# Half of them where half precision has numbers: exponents of 2 from -27 to 17.
bits[::2] = (bits[::2] & ~(0xFF << 23)) | (torch.randint(100, 145, (2048,), generator=generator) << 23)
numbers = torch.where(bits >= 2**31, bits - 2**32, bits).to(torch.int32).view(torch.float32)
save_file({"f32": numbers, "f16": numbers.half(), "bf16": numbers.bfloat16()},
          here / "rounding.safetensors")
