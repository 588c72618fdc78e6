"""Reads and writes safetensors files with PyTorch alone."""

import json

import torch

TYPES = {"F32": torch.float32, "I64": torch.int64}
NAMES = {value: key for key, value in TYPES.items()}


def read(path):
    """Tensors by name."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        kind = TYPES[entry["dtype"]]
        flat = torch.frombuffer(data[start + begin : start + end], dtype=kind)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def write(tensors, path):
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype], "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + body)
