"""The networks of the goldens, and the released one, as dictionaries (format: make.py)."""

LOSSES = {
    "class": 1.0,
    "l1": 5.0,
    "giou": 2.0,
    "attribute": 1.0,
    "noObjectWeight": 0.1,
    "matching": {"class": 1.0, "l1": 5.0, "giou": 2.0},
}


def detection(name, index, queries, classes, attributes=None):
    return {
        "name": name,
        "type": "detection",
        "index": index,
        "queries": queries,
        "classes": classes,
        "attributes": attributes,
    }


def answering(name, kind, index, queries, labels, cls_only, loss="categorical"):
    return {
        "name": name,
        "type": kind,
        "index": index,
        "queries": queries,
        "labels": labels,
        "clsOnly": cls_only,
        "loss": loss,
    }


def tiny_tasks(entailment_cls_only=True, text_cls_only=True):
    attributes = {"classes": 11, "embedding": 16, "hidden": 24}
    return [
        detection("detection_coco", 0, 6, 7),
        detection("detection_visual_genome", 1, 7, 9, attributes),
        answering("vqa2", "vl", 3, 5, 13, False, "binary"),
        answering("visual_entailment", "vl", 9, 5, 3, entailment_cls_only),
        answering("glue_sst2", "glue", 7, 4, 2, text_cls_only),
    ]


def tiny(block="bottleneck", dc5=False, width=36, layers=3, shared=True, tokens=True, tasks=None):
    backbone = {
        "bottleneck": {"stem": 8, "widths": [4, 6, 8, 12], "layers": [1, 1, 2, 2]},
        "basic": {"stem": 8, "widths": [8, 8, 12, 16], "layers": [1, 2, 1, 1]},
    }[block]
    return {
        "backbone": {"block": block, **backbone, "dc5": dc5},
        "imageEncoder": {
            "width": 32, "heads": 4, "layers": 2, "feedForward": 64, "residual": True,
        },
        "text": {
            "width": 40, "heads": 4, "layers": 2, "feedForward": 80,
            "vocabulary": 60, "positions": 24, "types": 2,
        },
        "decoder": {
            "width": width, "heads": 4, "layers": layers, "feedForward": 64, "shared": shared,
        },
        "taskTokens": {"image": tokens, "text": tokens, "rows": 12},
        "tasks": tasks or tiny_tasks(),
        "losses": LOSSES,
    }


# Seeds of the weights: the first from 201 on with which no matching is close to a tie.
SEEDS = {"shared": 216, "separate": 208, "plain": 211, "basic": 204}

CASES = {
    "shared": tiny(),
    "separate": tiny(
        dc5=True, layers=2, shared=False, tasks=tiny_tasks(text_cls_only=False)
    ),
    "plain": tiny(layers=2, tokens=False, tasks=tiny_tasks(False, False)),
    "basic": tiny(block="basic", width=32, layers=2),
}


def official(shared):
    """The released model of all eight datasets."""
    attributes = {"classes": 401, "embedding": 256, "hidden": 512}
    return {
        "backbone": {
            "block": "bottleneck", "stem": 64, "widths": [64, 128, 256, 512],
            "layers": [3, 4, 6, 3], "dc5": True,
        },
        "imageEncoder": {
            "width": 256, "heads": 8, "layers": 6, "feedForward": 2048, "residual": True,
        },
        "text": {
            "width": 768, "heads": 12, "layers": 12, "feedForward": 3072,
            "vocabulary": 30522, "positions": 512, "types": 2,
        },
        "decoder": {
            "width": 768, "heads": 8, "layers": 6, "feedForward": 2048, "shared": shared,
        },
        "taskTokens": {"image": True, "text": True, "rows": 256},
        "tasks": [
            detection("detection_coco", 0, 100, 91),
            detection("detection_visual_genome", 1, 100, 1601, attributes),
            answering("vqa2", "vl", 3, 25, 3129, False, "binary"),
            answering("visual_entailment", "vl", 9, 25, 3, True),
            answering("glue_qnli", "glue", 5, 25, 2, True),
            answering("glue_qqp", "glue", 8, 25, 2, True),
            answering("glue_sst2", "glue", 7, 25, 2, True),
            answering("glue_mnli_mismatched", "glue", 6, 25, 3, True),
        ],
        "losses": LOSSES,
    }
