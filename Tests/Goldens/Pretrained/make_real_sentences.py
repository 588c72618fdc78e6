"""Sentence vectors of all-MiniLM-L6-v2 with its published weights, by transformers' BertModel.

    ./fetch_real_weights.sh FOLDER
    python make_real_sentences.py FOLDER

torch 2.13.0+cpu, transformers 4.57.6, tokenizers 0.22.2, safetensors 0.8.0. Writes
real_sentences.json (similarities of ten pairs, word pieces of random texts) and
real_states.safetensors (states of a padded batch).
"""

import json
import pathlib
import random
import sys
import unicodedata

import torch
from safetensors.torch import save_file
from transformers import BertModel, BertTokenizer, BertTokenizerFast

folder = pathlib.Path(sys.argv[1]) / "all-MiniLM-L6-v2"
model = BertModel.from_pretrained(folder).eval()
tokenizer = BertTokenizerFast.from_pretrained(folder)

PAIRS = [
    ("A man is eating food.", "Someone is having a meal."),
    ("A man is eating food.", "The girl is carrying a baby."),
    ("Two dogs run along the beach.", "Dogs are playing near the sea."),
    ("How far is the moon?", "What is the distance from the earth to its satellite?"),
    ("The film was full of charm.", "It was a dull and lifeless movie."),
    ("Stocks fell sharply on Monday.", "At the start of the week share prices dropped."),
    ("She speaks three languages.", "The recipe needs three eggs."),
    ("cat", "kitten"),
    ("The quick brown fox jumps over the lazy dog.", "The quick brown fox jumps over the lazy dog."),
    ("Café déjà vu, naïve coöperation — 50 % off!", "cafe deja vu naive cooperation 50 percent off"),
]


@torch.no_grad()
def embed(texts):
    inputs = tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
    output = model(**inputs)
    weights = inputs["attention_mask"][..., None].float()
    mean = (output.last_hidden_state * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
    return inputs, output, torch.nn.functional.normalize(mean, dim=-1)


pairs = []
for first, second in PAIRS:
    vectors = embed([first, second])[2]
    pairs.append({"first": first, "second": second, "cosine": float(vectors[0] @ vectors[1])})

inputs, output, vectors = embed([PAIRS[3][0], PAIRS[3][1], PAIRS[9][0]])
save_file(
    {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"],
     "token_type_ids": inputs["token_type_ids"],
     "last_hidden_state": output.last_hidden_state.contiguous(),
     "pooler_output": output.pooler_output.contiguous(), "embedding": vectors.contiguous()},
    "real_states.safetensors")

random.seed(30522)
words = [word.removeprefix("##") for word in tokenizer.get_vocab()]
words.sort()
RANGES = [
    (0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x400), (0x400, 0x500), (0x590, 0x600),
    (0x600, 0x700), (0x900, 0x980), (0xAC00, 0xAD00), (0x2000, 0x2070), (0x20A0, 0x20C0),
    (0x3000, 0x3100), (0x4E00, 0x4F00), (0x1F600, 0x1F650), (0xFF00, 0xFFA0), (0x1E00, 0x1F00),
]


def piece():
    kind = random.random()
    if kind < 0.5:
        return random.choice(words)
    if kind < 0.7:
        return "".join(random.choice(words) for _ in range(2))
    if kind < 0.8:
        return random.choice([str(random.randrange(10**6)), "3.14", "don't", "U.S.", "e-mail", "#1"])
    low, high = random.choice(RANGES)
    characters = [chr(random.randrange(low, high)) for _ in range(random.randint(1, 5))]
    # BertTokenizer takes code points without a character out of a text, as the original BERT does;
    # BertTokenizerFast keeps them.
    return "".join(c if unicodedata.category(c) != "Cn" else "?" for c in characters)


texts = [" ".join(piece() for _ in range(random.randint(1, 7))) for _ in range(400)]
texts = [text.upper() if index % 9 == 0 else text for index, text in enumerate(texts)]
original = BertTokenizer.from_pretrained(folder)
assert all(original(text)["input_ids"] == tokenizer(text)["input_ids"] for text in texts)
tokens = [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in texts]
result = {"pairs": pairs, "tokens": tokens}
pathlib.Path("real_sentences.json").write_text(
    json.dumps(result, separators=(",", ":")).replace('},{"text', '},\n{"text') + "\n")
