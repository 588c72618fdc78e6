"""Writes the seed corpora of the fuzz targets.

Ran with torch 2.13.0+cpu, safetensors 0.8.0.   python make_seeds.py
"""
import collections
import gzip
import io
import json
import pathlib
import pickle
import tarfile
import zipfile

import torch
from safetensors.torch import save

here = pathlib.Path(__file__).parent


def write(target, name, data):
    folder = here / target / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def torch_file(content, **options):
    with io.BytesIO() as file:
        torch.save(content, file, **options)
        return file.getvalue()


base = torch.arange(12, dtype=torch.float32)
contents = {
    "plain": {"a": base},
    "views": collections.OrderedDict(a=base, t=base.view(3, 4).t(), same=base.view(3, 4),
                                     also=base.view(3, 4), wide=base[:1].expand(4, 3)),
    "types": {str(kind): torch.ones(2).to(kind) for kind in
              [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int8, torch.bool]},
    "training": {"model": {"module.p": torch.nn.Parameter(base)}, "epoch": 1, "x": [1.5, None, "s"],
                 "set": {1}, "big": 2**70, "bytes": b"\xff"},
}
for name, tensors in [("plain", {"a": base}), ("empty", {}), ("types", contents["types"])]:
    write("safetensors", name, save(tensors, {"format": "pt", "k": "\u00e9\n"} if tensors else None))
write("index", "two", json.dumps({"metadata": {"total_size": 4, "x": [1, {"y": None}]}, "weight_map":
      {"a.b": "model-1.safetensors", "c": "model-2.safetensors"}}).encode())
write("index", "path", b'{"weight_map":{"a":"../x","\\u00e9":"b\\/c"}}')
for name, content in contents.items():
    archive = torch_file(content)
    write("zip", name, archive)
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        write("pickle", name, members.read("archive/data.pkl"))
    write("legacy", name, torch_file(content, _use_new_zipfile_serialization=False))
    modern = torch_file(content, pickle_protocol=5)
    with zipfile.ZipFile(io.BytesIO(modern)) as members:
        write("pickle", name + "-5", members.read("archive/data.pkl"))
write("pickle", "reduce", pickle.dumps({"a": print, "b": [set(), frozenset([1]), (1,), ()]}, 2))
for name, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT),
                   ("pax", tarfile.PAX_FORMAT)]:
    with io.BytesIO() as file:
        with tarfile.open(fileobj=file, mode="w", format=form) as tar:
            for member, data in [("d/config.yaml", b"a: 1\n"), ("d/" + "n" * 60 + "/" + "m" * 60, b""),
                                 ("d/model.safetensors", save({"a": base}))]:
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        # Python fills the archive up to 10 KiB; the end needs only two blocks.
        data = file.getvalue().rstrip(b"\0")
    data += bytes(-len(data) % 512 + 1024)
    write("tar", name, data)
    write("gzip", name, gzip.compress(data, mtime=0))
