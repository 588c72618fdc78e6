"""What the reference must fulfil before its numbers are worth storing."""

import os

import torch

from configurations import CASES, official
from criterion import match
from reference import Bert, UniT
from running import batch_of, build, targets_of
from samples import randomise, texts


def check_batching(config, inputs, seed):
    """Row 0 alone equals row 0 of the batch; a text equals itself without its padding."""
    model, worst = build(config, seed, torch.float64), 0.0
    with torch.no_grad():
        for task in config["tasks"]:
            name, kind = task["name"], task["type"]
            both = model(name, **batch_of(inputs, task, torch.float64))
            alone = model(name, **batch_of(inputs, task, torch.float64, slice(0, 1)))
            result = "logits" if kind == "detection" else "answers"
            axis = 1 if kind == "detection" else 0
            pairs = [(both[result].narrow(axis, 0, 1), alone[result])]
            if kind == "glue":
                valid = int(inputs[f"{name}.mask"][1].sum())
                short = model(name, **batch_of(inputs, task, torch.float64, slice(1, 2), valid))
                pairs.append((both[result][1:], short[result]))
            worst = max([worst, *((a - b).abs().max().item() for a, b in pairs)])
    assert worst < 1e-12, worst
    return worst


def check_matching(config, results, inputs):
    """No matching hangs on less than float32 error: outputs moved by 1e-4 give the same pairs."""
    random = torch.Generator().manual_seed(1)
    for task in config["tasks"]:
        if task["type"] != "detection":
            continue
        name, weights = task["name"], config["losses"]["matching"]
        targets = targets_of(inputs, task, torch.float64)
        for logits, boxes in zip(results[f"{name}.logits"], results[f"{name}.boxes"]):
            expected = match(logits, boxes, targets, weights)
            for _ in range(50):
                shifted = logits + 1e-4 * torch.randn(logits.shape, generator=random)
                moved = boxes + 1e-4 * torch.randn(boxes.shape, generator=random)
                got = match(shifted, moved, targets, weights)
                assert all(
                    torch.equal(a, b) for p, e in zip(got, expected) for a, b in zip(p, e)
                ), f"{name}: a matching is too close to call"


def check_bert():
    """The text encoder without task token equals transformers' BertModel."""
    try:
        from transformers import BertConfig, BertModel
    except ImportError:
        return None
    text = CASES["shared"]["text"]
    theirs = BertModel(
        BertConfig(
            vocab_size=text["vocabulary"], hidden_size=text["width"],
            num_hidden_layers=text["layers"], num_attention_heads=text["heads"],
            intermediate_size=text["feedForward"], max_position_embeddings=text["positions"],
            attn_implementation="eager",
        )
    ).eval().double()
    ours = Bert(text).double()
    randomise(ours, 7)
    missing = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert not missing.unexpected_keys and not missing.missing_keys, missing
    some = texts(torch.Generator().manual_seed(2), CASES["shared"], 9, 6)
    with torch.no_grad():
        expected = theirs(
            some["ids"], attention_mask=some["mask"], token_type_ids=some["types"]
        ).last_hidden_state
        _, states = ours(some["ids"], some["types"], some["mask"].bool())
    worst = (states - expected).abs().max().item()
    assert worst < 1e-12, worst
    return worst


def check_names(paths):
    for path in paths:
        listed = {}
        for line in open(path):
            if "\t" in line:
                name, shape = line.rstrip("\n").split("\t")
                listed[name] = shape
        shared = any("transformer.decoder." in name for name in listed)
        with torch.device("meta"):
            model = UniT(official(shared))
        ours = {name: str(tuple(x.shape)) for name, x in model.state_dict().items()}
        missing, extra = sorted(listed.keys() - ours.keys()), sorted(ours.keys() - listed.keys())
        wrong = [name for name in listed.keys() & ours.keys() if listed[name] != ours[name]]
        count = sum(x.numel() for x in model.parameters())
        print(
            f"{os.path.basename(path)}: {len(listed)} listed, {len(ours)} here, "
            f"{len(missing)} missing, {len(extra)} extra, {len(wrong)} of another shape; "
            f"{count:,} unique parameters"
        )
        assert not (missing or extra or wrong), (missing[:5], extra[:5], wrong[:5])
