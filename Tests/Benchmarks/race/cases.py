"""What is raced: the networks, the sizes of their inputs, and the marks. Needs no PyTorch."""

from dataclasses import dataclass

PRECISIONS = ("fp32", "bf16", "int8")
# Every side of a race in the order of its turns; `precisions` that it offers.
SIDES = {
    "unit": PRECISIONS,
    "torch": ("fp32", "bf16"),
    "compile": ("fp32", "bf16"),
    "ort": ("fp32", "int8"),
    "openvino": PRECISIONS,
}


@dataclass(frozen=True)
class Case:
    """One network with inputs of one size.

    `picture` is (batch, height, width) and `tokens` (batch, length), None where it has none.
    `outputs` are compared; they have the names that `unit debug forward` gives them.
    """

    name: str
    network: str
    title: str
    picture: tuple | None
    tokens: tuple | None
    outputs: tuple
    task: str | None = None
    marks: dict | None = None

    def options(self):
        """The options of `unit bench` that make inputs of this size."""
        words = []
        if self.picture:
            words += ["--size", "{}x{}".format(*self.picture[1:])]
        if self.tokens:
            words += ["--tokens", str(self.tokens[1])]
        if self.task:
            words += ["--task", self.task]
        return [*words, "--batch", str((self.picture or self.tokens)[0])]


DETR = ("logits", "pred_boxes")
TEXT = ("last_hidden_state",)
# What the ratio of unit's time to a side's may be, by precision; of two threads.
DETR_MARKS = {
    "fp32": {"ort": 0.75, "openvino": 0.82, "torch": 0.42, "compile": 0.80},
    "bf16": {"openvino": 0.95, "torch": 0.50}, "int8": {"ort": 0.95, "openvino": 1.00},
}
BERT_MARKS = {
    "fp32": {"ort": 0.85, "openvino": 0.95, "torch": 0.60},
    "bf16": {"openvino": 0.95, "torch": 0.50}, "int8": {"ort": 0.95, "openvino": 1.00},
}
CLASSIFIER_MARKS = {"fp32": {"ort": 0.80, "openvino": 0.85, "torch": 0.50}}
QUESTION_MARKS = {"fp32": {"ort": 0.85, "openvino": 0.95, "torch": 0.65}}


def detr(name, height, width):
    return Case(
        name, "detr", f"DETR-R50, {height} x {width}", (1, height, width), None, DETR,
        marks=DETR_MARKS)


def bert(batch, length):
    return Case(
        f"bert{batch}x{length}", "bert", f"BERT-base, {batch} x {length} tokens", None,
        (batch, length), TEXT, marks=BERT_MARKS)


CASES = {
    case.name: case
    for case in (
        detr("detr480", 480, 640),
        detr("detr800", 800, 1066),
        Case(
            "resnet", "resnet", "ResNet-50, 224 x 224", (1, 224, 224), None, ("logits",),
            marks=CLASSIFIER_MARKS),
        bert(1, 32),
        bert(1, 128),
        bert(8, 32),
        bert(8, 128),
        Case(
            "vilt", "vilt", "ViLT-B/32, 384 x 512 and 20 tokens", (1, 384, 512), (1, 20),
            ("logits",), marks=QUESTION_MARKS),
        Case(
            "unit", "unit", "UniT, 800 x 1066 and 25 tokens", (1, 800, 1066), (1, 25),
            ("answers",), task="vqa2", marks=QUESTION_MARKS),
    )
}
# The ratios of whole processes that answer one picture file, and of their peak memory.
COLD_MARKS = {
    "time": {"ort": 0.55, "openvino": 0.55, "torch": 0.10},
    "memory": {"ort": 0.75, "openvino": 0.70, "torch": 0.50},
}
TRAINING_MARKS = {"time": 0.70, "memory": 0.80}
# From a JPEG of 12 megapixels to a network's input, against Pillow.
PREPROCESSING_MARK = 0.50


def chosen(names):
    """The cases of a list of names, each a case or a network; None stands for all."""
    if names is None:
        return list(CASES.values())
    unknown = set(names) - {word for case in CASES.values() for word in (case.name, case.network)}
    if unknown:
        raise SystemExit(
            f"there is no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    return [case for case in CASES.values() if {case.name, case.network} & set(names)]
