"""Writes vocab.txt and tokens.json: strings and the ids that BERT's reference tokenizer gives them.

Ran with Python 3.11 (Unicode 14.0.0), transformers 4.57.6:
    python make_tokens.py
The tokenizer is `transformers.BertTokenizer`, its defaults, with do_lower_case on and off.
"""
import json
import os
import random
import unicodedata

from transformers import BertTokenizer
from transformers.models.bert.tokenization_bert import BasicTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(11)

WORDS = """what is the colour of shape there a no yes how many are in this picture red blue green circle
rectangle triangle unaffable running don't it's re-entry e-mail 3.14 1,000 $5 50% C++ x^2 a_b naïve café Ångström
Überraschung garçon résumé İstanbul ﬁne Straße ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ Привет мир ёжик й שלום עולם مرحبا بالعالم नमस्ते दुनिया
สวัสดี 한국어 조선말 日本語 漢字 かな カタカナ ﾊﾝｶｸ 中文字符 Việt ngữ phở 👋 👩‍👩‍👧‍👦 🇩🇪 ☃️ 🙂 ½ ² Ⅷ ™ ﬀ ĳ Ǆ ǅ ẞ ᾳ ᾼ K Å Ω""".split()
CONTROLS = ["\0", "\x01", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e",
            "\u202e", "\u2060", "\ufeff", "\ufffd", "\ue000", "\uffff", "\U000e0001", "\u0378", "\U0010fffd"]
SPACES = [" ", "  ", "\t", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\xa0", "\u1680", "\u2003", "\u2028",
          "\u2029", "\u202f", "\u205f", "\u3000"]
PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["¿", "«", "»", "—", "…", "、", "。", "「", "‿", "⁇", "״", "؟",
               "।", "\u1fef", "\u037e", "\u0387", "𐄀", "¢", "€", "±", "°"]
COMBINING = ["\u0301", "\u0308", "\u0327", "\u0323", "\u0345", "\u20dd", "\u093f", "\u0903", "\u302e", "\u302a",
             "\U0001d165", "\U0001d167", "\u05b4", "\u064b", "\u3099", "\u0488"]
SPECIAL = ["[CLS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]", "[mask]", "[SEP", "[[SEP]]", "SEP]"]
BLOCKS = [(0x20, 0x7e), (0xa0, 0x24f), (0x370, 0x52f), (0x590, 0x6ff), (0x900, 0xe7f), (0x1100, 0x11ff),
          (0x1e00, 0x1fff), (0x2000, 0x2bff), (0x3000, 0x30ff), (0x3400, 0x3410), (0x4e00, 0x4e40), (0x9fe0, 0x9fff),
          (0xac00, 0xac40), (0xf900, 0xfaff), (0xff00, 0xffef), (0x10000, 0x1005d), (0x1d400, 0x1d420),
          (0x1f300, 0x1f64f), (0x20000, 0x20010), (0x2a700, 0x2a710), (0x2b740, 0x2b742), (0x2b820, 0x2b824),
          (0x2f800, 0x2fa1d), (0x30000, 0x30004)]


def character():
    while True:
        low, high = random.choice(BLOCKS)
        c = chr(random.randint(low, high))
        if unicodedata.category(c) != "Cn":
            return c


def mixed(length):
    parts = []
    for _ in range(length):
        kind = random.choices(range(7), [8, 3, 3, 1, 1.5, 5, 0.3])[0]
        parts.append(random.choice(WORDS) if kind == 0 else random.choice(SPACES) if kind == 1
                     else random.choice(PUNCTUATION) if kind == 2 else random.choice(CONTROLS) if kind == 3
                     else random.choice(COMBINING) if kind == 4 else character() if kind == 5
                     else random.choice(SPECIAL))
        if kind == 0 and random.random() < 0.6:
            parts.append(" ")
    return "".join(parts)


def strings():
    result = ["", " ", "\0", "[SEP]", "[MASK] is [MASK].", "a" * 100, "a" * 101, "é" * 100, "e\u0301" * 100,
              "e\u0301" * 101, "\u0301" * 3, "한" * 33, "한" * 34, "日" * 300, "?" * 300, "ΑΣ ΑΣ.", "İ", "K", "\u212b"]
    result += WORDS + [a + b for a in ("a", " ") for b in CONTROLS + SPACES + PUNCTUATION + COMBINING]
    result += [f"a{b}b" for b in CONTROLS + SPACES + PUNCTUATION + COMBINING]
    result += [mixed(random.randint(1, 7)) for _ in range(1500)]
    result += [" ".join(random.choices(WORDS, k=random.randint(2, 6))) for _ in range(400)]
    return result


def vocabulary(texts):
    pieces = set()
    for lower in (True, False):
        for text in texts:
            for word in BasicTokenizer(do_lower_case=lower).tokenize(text):
                if len(word) > 100:
                    continue
                if random.random() < 0.25:
                    pieces.add(word)
                if random.random() < 0.45:
                    cut = random.randint(1, min(4, len(word)))
                    pieces.add(word[:cut])
                    pieces.update("##" + c for c in word[cut:])
                    pieces.add("##" + word[-random.randint(1, min(3, len(word))):])
    return ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + sorted(pieces)


texts = strings()
with open(os.path.join(HERE, "vocab.txt"), "w", encoding="utf-8", newline="\n") as file:
    file.write("\n".join(vocabulary(texts)) + "\n")
lower, cased = (BertTokenizer(os.path.join(HERE, "vocab.txt"), do_lower_case=flag) for flag in (True, False))
cases = []
for i, text in enumerate(texts):
    case = [text, lower.convert_tokens_to_ids(lower.tokenize(text))]
    if i % 3 == 0:
        case.append(cased.convert_tokens_to_ids(cased.tokenize(text)))
    cases.append(case)
pairs = []
for _ in range(60):
    first, second = mixed(random.randint(0, 8)), mixed(random.randint(0, 8))
    for length in (4, 9, 25):
        pair = second if random.random() < 0.7 else None
        out = lower(first, pair, truncation="longest_first", max_length=length)
        pairs.append([first, pair, length, out["input_ids"], out["token_type_ids"]])
with open(os.path.join(HERE, "tokens.json"), "w", encoding="utf-8") as file:
    json.dump({"cases": cases, "pairs": pairs}, file, ensure_ascii=True, separators=(",", ":"))
print(len(cases), "cases", len(pairs), "pairs", len(lower), "pieces")
