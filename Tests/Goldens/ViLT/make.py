"""Writes a tiny ViLT as transformers saves it, and what transformers computes with it.

Ran with Python 3.11, torch 2.13.0 (CPU), transformers 4.57.6, safetensors 0.8.0, Pillow 12.0.0:
    python make.py
model/          a folder of Hugging Face's layout with random weights, without its .bin file
model.bin       the same weights as `pytorch_model.bin`
published.txt   names and shapes of dandelin/vilt-b32-finetuned-vqa: those of the parameters of
                ViltForQuestionAnswering(ViltConfig(num_labels=3129))
outputs.safetensors  inputs and outputs of the network (float32)
picture.png     a picture of 70 x 45 pixels
answers.json    the visual-question-answering pipeline on it and on ../Inputs/pictures
"""
import json
import os
import shutil

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import (
    BertTokenizer, ViltConfig, ViltForQuestionAnswering, ViltImageProcessor, ViltProcessor,
    pipeline)

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.join(HERE, "model")
OTHER = "../Inputs/pictures/orientation-1.png"
ANSWERS = ["yes", "no", "red", "blue", "green", "1", "2", "3", "circle", "square", "a cat", "café"]
WORDS = """[PAD] [UNK] [CLS] [SEP] [MASK] what colour color is the a how many are there shape of it
    ? ! , . ' s red blue green circle square picture this in on and you see ##s ##ed cat dog big
    small left right where who why when 1 2 3 or not than more less""".split()


def config():
    return ViltConfig(
        vocab_size=len(WORDS), max_position_embeddings=16, hidden_size=32, num_hidden_layers=2,
        num_attention_heads=4, intermediate_size=64, image_size=32, patch_size=8,
        id2label=dict(enumerate(ANSWERS)), label2id={name: i for i, name in enumerate(ANSWERS)})


def randomise(model):
    generator = torch.Generator().manual_seed(21)
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        is_norm = "norm" in name.lower() or name.startswith("classifier.1")
        if is_norm and name.endswith("weight"):
            values = 1 + 0.1 * values
        else:
            values *= 0.1 if is_norm else 0.25
        parameter.data.copy_(values)


def save(model):
    shutil.rmtree(MODEL, ignore_errors=True)
    model.save_pretrained(MODEL, safe_serialization=False)
    os.replace(os.path.join(MODEL, "pytorch_model.bin"), os.path.join(HERE, "model.bin"))
    model.save_pretrained(MODEL)
    with open(os.path.join(MODEL, "vocab.txt"), "w") as file:
        file.write("\n".join(WORDS) + "\n")
    ViltProcessor(
        ViltImageProcessor(size={"shortest_edge": 40}, size_divisor=8),
        BertTokenizer(os.path.join(MODEL, "vocab.txt"), model_max_length=16),
    ).save_pretrained(MODEL)


def batch(sizes, lengths, seed):
    """Random pixels and ids, padded on the right and at the bottom."""
    generator = torch.Generator().manual_seed(seed)
    height, width = max(h for h, _ in sizes), max(w for _, w in sizes)
    pixels = torch.zeros(len(sizes), 3, height, width)
    mask = torch.zeros(len(sizes), height, width, dtype=torch.long)
    ids = torch.zeros(len(sizes), max(lengths), dtype=torch.long)
    attention = torch.zeros_like(ids)
    for row, ((h, w), length) in enumerate(zip(sizes, lengths)):
        pixels[row, :, :h, :w] = torch.rand(3, h, w, generator=generator) * 2 - 1
        mask[row, :h, :w] = 1
        ids[row, :length] = torch.randint(5, len(WORDS), (length,), generator=generator)
        attention[row, :length] = 1
    return {"pixel_values": pixels, "pixel_mask": mask, "input_ids": ids,
            "attention_mask": attention, "token_type_ids": torch.zeros_like(ids)}


def in_order(model, inputs):
    """The model with all patches in their order: the draw gives 0, 1, 2, …"""
    draw = torch.multinomial
    torch.multinomial = lambda weights, count, **_: torch.arange(int(count)) % len(weights)
    try:
        return model.vilt(**inputs)
    finally:
        torch.multinomial = draw


def outputs(model):
    tensors = {}
    cases = {
        "square": batch([(32, 32)], [7], 1),
        "wide": batch([(24, 56)], [9], 2),
        "high": batch([(80, 8)], [1], 3),
        "padded": batch([(24, 56), (40, 32), (32, 40)], [4, 16, 9], 4),
    }
    cases["wide"]["token_type_ids"][:, 5:] = 1
    for name, inputs in cases.items():
        torch.manual_seed(0)
        logits = model(**inputs).logits
        torch.manual_seed(1)
        assert (model(**inputs).logits - logits).abs().max() < 2e-6
        ordered = in_order(model, inputs)
        found = {"logits": logits, "pooler_output": ordered.pooler_output}
        if len(inputs["input_ids"]) == 1:
            found["last_hidden_state"] = ordered.last_hidden_state
        for key, value in {**inputs, **found}.items():
            value = value.to(torch.uint8) if value.dtype == torch.long else value
            tensors[f"{name}.{key}"] = value.contiguous().clone()
    save_file(tensors, os.path.join(HERE, "outputs.safetensors"))


def draw():
    """Stripes, and a circle of another colour."""
    y, x = np.mgrid[0:45, 0:70]
    pixels = np.stack([x * 3, (x + 2 * y) % 16 * 16, 255 - y * 5], axis=-1)
    pixels[(x - 40) ** 2 + (y - 20) ** 2 < 150] = (230, 30, 40)
    Image.fromarray(pixels.astype(np.uint8)).save(os.path.join(HERE, "picture.png"))


def answers():
    ask = pipeline("visual-question-answering", model=MODEL, device="cpu")
    asked = []
    for picture, question in [
        ("picture.png", "What colour is the circle?"), ("picture.png", "Where, and why?"),
        (OTHER, "is it a big red square or not ?"),
    ]:
        torch.manual_seed(0)
        image = Image.open(os.path.join(HERE, picture)).convert("RGB")
        found = ask(image, question, top_k=len(ANSWERS))
        asked.append({
            "picture": picture, "question": question,
            "answers": [entry["answer"] for entry in found],
            "scores": [entry["score"] for entry in found]})
    with open(os.path.join(HERE, "answers.json"), "w") as file:
        json.dump(asked, file, indent=1, ensure_ascii=False)
        file.write("\n")


torch.set_grad_enabled(False)
torch.set_num_threads(1)
network = ViltForQuestionAnswering(config()).eval()
randomise(network)
save(network)
outputs(network)
draw()
answers()
