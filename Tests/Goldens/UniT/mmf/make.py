"""Makes tiny checkpoints as MMF writes them, and what the reference computes from them.

    released_final.pth  a bare state dict: all eight datasets, one shared decoder (nine names for
                        each storage), task tokens, DC5
    best.ckpt           the state dict under `model` beside an optimizer and MMF's configuration,
                        every name behind `module.`: three datasets with separate decoders, no task
                        tokens, stride 32, other numbers of heads
    legacy.pth          torch's format before 1.6, the base model called `detr_model`, BERT's
                        `position_ids`: COCO alone

    inputs.safetensors, <checkpoint>.outputs.safetensors: as in ../make.py, of the outputs only the
    last layer's `decoder.states`, `logits`, `boxes`, and `attributes` and `answers`.

Made with Python 3.11, torch 2.13.0+cpu, safetensors 0.8.0.
"""

import os
import sys

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from configurations import official  # noqa: E402
from running import batch_of, build, store  # noqa: E402
from samples import make_inputs  # noqa: E402

VOCABULARY = 40


def small(heads, text, tasks, shared=True, tokens=True, dc5=True, layers=1):
    """The released model's configuration with other dimensions."""
    config = official(shared)
    config["backbone"].update(stem=8, widths=[4, 4, 6, 8], layers=[1, 1, 1, 2], dc5=dc5)
    config["imageEncoder"].update(width=16, heads=heads, layers=1, feedForward=24)
    config["text"].update(vocabulary=VOCABULARY, positions=16, **text)
    config["decoder"].update(width=24, heads=heads, layers=layers, feedForward=32)
    config["taskTokens"].update(image=tokens, text=tokens, rows=10)
    for task in config["tasks"]:
        task["queries"] = 5 if task["type"] == "detection" else 3
        if task["type"] == "detection":
            task["classes"] = 6 if task.get("attributes") else 91
        if task.get("attributes"):
            task["attributes"] = {"classes": 7, "embedding": 8, "hidden": 12}
        if task["name"] == "vqa2":
            task["labels"] = 13
    config["tasks"] = [task for task in config["tasks"] if task["name"] in tasks or not tasks]
    return config


# One head for 64 channels, as in every BERT.
BERT = {"width": 64, "heads": 1, "layers": 1, "feedForward": 32}
NARROW = {"width": 24, "heads": 3, "layers": 1, "feedForward": 32}
SOME = ("detection_visual_genome", "vqa2", "glue_sst2")


def mmf_configuration(config):
    """The part of MMF's configuration that says what the tensors do not."""
    return {
        "training": {"max_updates": 150000, "batch_size": 64},
        "model_config": {
            "unit": {
                "base_args": {
                    "backbone": "resnet50",
                    "dilation": config["backbone"]["dc5"],
                    "position_embedding": "sine",
                    "nheads": config["decoder"]["heads"],
                    "dropout": 0.1,
                    "pre_norm": False,
                    "pass_pos_and_query": True,
                    "residual_in_encoder": True,
                    "bert_config": {
                        "bert_model_name": "bert-base-uncased",
                        "num_attention_heads": config["text"]["heads"],
                    },
                },
                "keep_only_bert_cls": {
                    "vl": {"vqa2": False}, "glue": {"glue_sst2": False},
                },
                "heads": {
                    "detection": {"detection_visual_genome": {"task_idx": 1}},
                    "vl": {
                        "vqa2": {
                            "task_idx": 3,
                            "loss_type": "binary_cross_entropy_with_logits",
                        },
                    },
                    "glue": {"glue_sst2": {"task_idx": 7, "loss_type": "cross_entropy"}},
                },
            },
        },
    }


def renamed(state, old="", new="", prefix=""):
    return {prefix + name.replace(old, new): x for name, x in state.items()}


def main():
    torch.set_num_threads(1)
    cases = {
        "released_final.pth": small(8, BERT, (), layers=2),
        "best.ckpt": small(4, NARROW, SOME, shared=False, tokens=False, dc5=False),
        "legacy.pth": small(8, BERT, ("detection_coco",), shared=False),
    }
    for task in cases["best.ckpt"]["tasks"]:
        if "clsOnly" in task:
            task["clsOnly"] = False
    inputs = make_inputs(cases["released_final.pth"], seed=300, sizes=((48, 40), (36, 32)))
    inputs = {name: x for name, x in inputs.items() if ".targets" not in name}
    print(f"inputs: {store(inputs, HERE, 'inputs.safetensors'):,} bytes")
    for number, (name, config) in enumerate(cases.items()):
        model = build(config, 301 + number, torch.float32)
        state = model.state_dict()
        path = os.path.join(HERE, name)
        if name == "best.ckpt":
            torch.save(
                {
                    "model": renamed(state, prefix="module."),
                    "optimizer": {
                        "state": {0: {"step": 5, "exp_avg": torch.zeros(3)}},
                        "param_groups": [{"lr": 5e-5, "eps": 1e-8, "params": [0]}],
                    },
                    "best_update": 5, "current_epoch": 1, "num_updates": 5,
                    "best_metric_value": torch.tensor(0.5), "config": mmf_configuration(config),
                },
                path,
            )
        elif name == "legacy.pth":
            state = renamed(state, "unit_base_model.", "detr_model.")
            state["bert_model.module.embeddings.position_ids"] = torch.arange(16)[None]
            torch.save(state, path, _use_new_zipfile_serialization=False)
        else:
            torch.save(state, path)
        results, model = {}, model.double()
        with torch.no_grad():
            for task in config["tasks"]:
                outputs = model(task["name"], **batch_of(inputs, task, torch.float64))
                for key in ("decoder.states", "logits", "boxes", "attributes", "answers"):
                    if key in outputs:
                        x = outputs[key]
                        last = x if key in ("attributes", "answers") else x[-1]
                        results[f"{task['name']}.{key}"] = last
        size = store(results, HERE, f"{name.split('.')[0]}.outputs.safetensors")
        print(f"{name}: {os.path.getsize(path):,} bytes, outputs {size:,} bytes")


if __name__ == "__main__":
    main()
