"""Makes names.shared.txt and names.separate.txt beside this file: every entry of the released
model's state dict of all eight datasets, "name<TAB>shape<TAB>kind" a line.

`{a,b}` stands for one of the words, so that repeated layers take one line; kind is `parameter`,
`buffer`, or `alias` for a further name of a tensor that stands elsewhere in the list (the first
name in the order of the state dict is the tensor's own, except that BERT's embeddings and the
shared decoder have `bert_model.module.embeddings` and `transformer.decoder` as their own).

The names come from reference.py on torch's device without data; `make.py --check` compares the
same names with lists taken from MMF itself. Made with Python 3.11, torch 2.13.0+cpu.
"""

import os
import re

import torch

from configurations import official
from reference import UniT

HERE = os.path.dirname(os.path.abspath(__file__))


def entries(shared):
    """[(name, shape, kind)] of the whole state dict, and the number of unique parameters."""
    with torch.device("meta"):
        model = UniT(official(shared))
    parameters = {id(x) for x in model.parameters()}
    state = model.state_dict(keep_vars=True)
    rows = []
    for name, x in state.items():
        alias = re.match(r"bert_model\.embeddings\.", name) or (
            shared and re.search(r"\.transformer\.decoders\.", name)
        )
        kind = "alias" if alias else "parameter" if id(x) in parameters else "buffer"
        rows.append((name, tuple(x.shape), kind))
    return rows, sum(x.numel() for x in model.parameters())


def folded(rows):
    """Rows that differ in one component only become one row, component after component."""
    words = [
        # The two components that name a task belong together.
        (re.sub(r"\.(detection|vl|glue)\.(\w+)\.", r".\1/\2.", name).split("."), *rest)
        for name, *rest in rows
    ]
    entries = [(tuple(frozenset([word]) for word in parts), *rest) for parts, *rest in words]
    for position in range(max(len(parts) for parts, *_ in entries)):
        groups = {}
        for parts, *rest in entries:
            if position < len(parts) and all(
                word.isdigit() or "/" in word for word in parts[position]
            ):
                key = (parts[:position], parts[position + 1 :], *rest)
            else:
                key = (parts, None, *rest)
            groups.setdefault(key, []).append(parts)
        merged = []
        for key, group in groups.items():
            parts = list(group[0])
            if len(group) > 1:
                parts[position] = frozenset().union(*(other[position] for other in group))
            merged.append((tuple(parts), *key[2:]))
        entries = merged
    return entries


def written(parts):
    def text(words):
        words = sorted(words, key=lambda word: (len(word) if word.isdigit() else 0, word))
        return words[0] if len(words) == 1 else "{" + ",".join(words) + "}"

    return ".".join(text(words) for words in parts).replace("/", ".")


def main():
    for name, shared in (("shared", True), ("separate", False)):
        rows, count = entries(shared)
        path = os.path.join(HERE, f"names.{name}.txt")
        with open(path, "w") as out:
            out.write(f"# {len(rows)} entries, {count} parameters\n")
            for parts, shape, kind in folded(rows):
                out.write(f"{written(parts)}\t{','.join(map(str, shape))}\t{kind}\n")
        print(f"{name}: {len(rows)} entries, {count:,} parameters, {os.path.getsize(path):,} bytes")


if __name__ == "__main__":
    main()
