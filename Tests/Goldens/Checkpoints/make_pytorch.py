"""Writes the PyTorch files of Goldens/Checkpoints/PyTorch and what they hold, as safetensors.

Ran with torch 2.13.0+cpu, safetensors 0.8.0, numpy 2.4.6.   python make_pytorch.py
"""
import argparse
import collections
import gzip
import io
import json
import pathlib
import tarfile

import numpy
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent / "PyTorch"
here.mkdir(exist_ok=True)
torch.manual_seed(1)

TYPES = {
    "f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16,
    "i64": torch.int64, "i32": torch.int32, "i16": torch.int16, "i8": torch.int8,
    "u8": torch.uint8, "bool": torch.bool,
}


def every_type():
    """The same numbers in every type."""
    numbers = torch.tensor([[0.0, 1.0, 2.5], [100.0, 65.0, 7.0]])
    tensors = collections.OrderedDict((name, numbers.to(kind)) for name, kind in TYPES.items())
    tensors["f32_special"] = torch.tensor([-0.0, float("inf"), float("nan"), 1e-40])
    tensors["i64_large"] = torch.tensor([2**62 + 1, -2**63])
    return tensors


def views():
    """Views of shared storages, some of them the same."""
    base = torch.arange(60, dtype=torch.float32)
    cube = torch.arange(24, dtype=torch.int16).reshape(2, 3, 4)
    embedding = torch.nn.Parameter(torch.randn(5, 3))
    half = torch.randn(4, 6).half()
    double = torch.randn(3, 5).double()
    return collections.OrderedDict([
        ("base", base),
        ("offset", base[7:19]),
        ("matrix", base.view(6, 10)),
        ("transposed", base.view(6, 10).t()),
        ("strided", base.view(6, 10)[1::2, 2:9:3]),
        ("expanded", base[3:4].expand(4, 5)),
        ("rows.expanded", base[:10].expand(3, 10)),
        ("scalar", base[59]),
        ("empty", torch.zeros(3, 0, 2)),
        ("empty.slice", base[60:]),
        ("cube", cube),
        ("cube.permuted", cube.permute(2, 0, 1)),
        ("cube.one", cube[1, 2, 3:4]),
        ("half.t", half.t()),
        ("double.t", double.t()),
        ("flags", (torch.arange(12).reshape(3, 4) % 3 == 0).t()),
        ("embedding", embedding),
        ("decoder.weight", embedding),
        ("matrix.again", base.view(6, 10)),
    ])


def network():
    """A module whose state_dict has a buffer and the attribute _metadata."""
    return torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))


def expected(name, tensors):
    """What a file holds, contiguous, with the element types of the file."""
    values = {key: value.detach().contiguous().clone() for key, value in tensors.items()}
    save_file(values, here / f"{name}.safetensors")


def save(name, content, **options):
    torch.save(content, here / f"{name}.pth", **options)


def training(state):
    """What training programs keep beside the weights."""
    layers = network()
    optimizer = torch.optim.AdamW(layers.parameters(), lr=1e-4)
    layers(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    return {
        "model": state, "optimizer": optimizer.state_dict(), "lr_scheduler": schedule.state_dict(),
        "epoch": 7, "best_metric_value": numpy.float64(0.625), "steps": numpy.int64(12),
        "flag": True, "nothing": None, "big": 2**70, "note": "Größe", "size": torch.Size([2, 3]),
        "device": torch.device("cpu"), "dtype": torch.float32, "set": {3},
        "rng": torch.get_rng_state()[:8].clone(), "bytes": b"\x00\xff",
        "default": collections.defaultdict(list, {"a": [1]}), "path": pathlib.PurePosixPath("a/b"),
        "args": argparse.Namespace(lr=1e-4, backbone="resnet50", masks=False, milestones=[1, 2]),
        "config": {"model_config": {"unit": {"heads": ["vqa2", "detection"], "dropout": 0.1}}},
        "ndarray": numpy.arange(3),
    }


types, shared, state = every_type(), views(), network().state_dict()
expected("types", types)
save("types", types)
save("types.legacy", types, _use_new_zipfile_serialization=False)
expected("views", shared)
save("views", shared)
save("views.legacy", shared, _use_new_zipfile_serialization=False)
expected("state", state)
save("training", training(state))
save("training.legacy", training(state), _use_new_zipfile_serialization=False)
save("protocol4", training(state), pickle_protocol=4)
save("protocol5", training(state), pickle_protocol=5)
parallel = collections.OrderedDict(("module." + key, value) for key, value in state.items())
save("parallel", {"state_dict": parallel, "epoch": 1})
nested = {"encoder": {"weight": torch.ones(2), "deep": {"bias": torch.zeros(1)}},
          "head": torch.arange(3), "note": "flat"}
expected("nested", {"encoder.weight": torch.ones(2), "encoder.deep.bias": torch.zeros(1),
                    "head": torch.arange(3)})
save("nested", nested)

# Weights over two files with an index, in both formats.
first, second = {"a.weight": torch.randn(2, 3)}, {"b.bias": torch.randn(4), "c": torch.arange(2)}
for ending, names, write in [
    ("bin", ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"], torch.save),
    ("safetensors", ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
     save_file),
]:
    folder = here / f"sharded-{ending}"
    folder.mkdir(exist_ok=True)
    for part, name in zip([first, second], names):
        write(part, folder / name)
    index = {"metadata": {"total_size": 56},
             "weight_map": {key: name for part, name in zip([first, second], names) for key in part}}
    stem = "pytorch_model.bin" if ending == "bin" else "model.safetensors"
    (folder / f"{stem}.index.json").write_text(json.dumps(index, indent=2) + "\n")
expected("sharded", first | second)

# MMF's model zoo: a .tar.gz with the weights and their configuration.
with io.BytesIO() as packed:
    with tarfile.open(fileobj=packed, mode="w") as tar:
        def add(name, data):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        add("unit/config.yaml", b"model_config:\n  unit:\n    heads: 8\n")
        add("unit/model.pth", (here / "parallel.pth").read_bytes())
    (here / "zoo.tar.gz").write_bytes(gzip.compress(packed.getvalue(), mtime=0))
