"""Writes vqa.json: VQA accuracies of 400 random questions by three metrics.

The metrics are written here from their descriptions, in another way than in the module Metrics:
with regular expressions and counting. They are held against answers.json, which comes from the
original programs (make_answers.py), before anything is written. Ran with Python 3.11.
    python make_vqa.py
"""
import collections
import json
import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
# The apostrophes that people leave out, one at a time.
SHORT = """ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've
hasn't haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't
mightn't've might've mustn't must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've
should've shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've
someone'll someone's something'd something'd've something'll that's there'd there'd've there're
there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're
what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're
why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're
you've""".split()
RESTORED = {word[:m.start()] + word[m.end():]: word for word in SHORT for m in re.finditer("'", word)}
RESTORED["somebody'd"] = "somebodyd"
DIGITS = dict(zip("none zero one two three four five six seven eight nine ten".split(),
                  "0 0 1 2 3 4 5 6 7 8 9 10".split()))
MARKS = ";/[]\"{}()=+\\_-><@`,?!"


def plain(text):
    return text.replace("\n", " ").replace("\t", " ").strip()


def without_marks(text):
    thousands = re.search(r"\d,\d", text)
    gone = [m for m in MARKS if thousands or re.search(rf"{re.escape(m)} | {re.escape(m)}", text)]
    table = {ord(m): "" if m in gone else " " for m in MARKS}
    # The original gives a flag, whose value is 32, in the place of a count.
    return re.sub(r"\.(?!\d)", "", text.translate(table), count=32)


def words(text):
    kept = [DIGITS.get(word, word) for word in text.lower().split()]
    return " ".join(RESTORED.get(word, word) for word in kept if word not in ("a", "an", "the"))


def whole(text):
    return words(without_marks(plain(text)))


def mmf_text(text):
    text = re.sub("'s", " 's", re.sub("[,?]", "", text.lower()))
    return whole(text.strip())


def share(prediction, answers):
    """min(1, others / 3), each of the people left out in turn."""
    n, same = len(answers), collections.Counter(answers)[prediction]
    return (same * min(3, max(0, same - 1)) + (n - same) * min(3, same)) / (3 * n)


def official(prediction, answers):
    prediction, answers = plain(prediction), [plain(a) for a in answers]
    if len(set(answers)) > 1:
        prediction, answers = whole(prediction), [whole(a) for a in answers]
    return share(prediction, answers)


def lavis(prediction, answers):
    if len(set(answers)) > 1:
        answers = [without_marks(a) for a in answers]
    return share(whole(prediction), answers)


def mmf(prediction, answers):
    ten = [mmf_text(answers[i % len(answers)]) for i in range(max(10, len(answers)))]
    return share(mmf_text(prediction), ten)


METRICS = {"official": official, "lavis": lavis, "mmf": mmf}
known = json.loads((HERE / "answers.json").read_text())
for prediction, answers, *expected in known["cases"]:
    for metric, value in zip(METRICS.values(), expected):
        assert value < 0 or abs(metric(prediction, answers) - value) < 1e-9, (prediction, answers)
for text, as_official, as_mmf in known["normalised"]:
    assert (whole(text), mmf_text(text)) == (as_official, as_mmf), text

rng = random.Random(7)
pieces = [
    "yes", "no", "Yes", "NO", "a", "an", "the", "The dog", "dog", "two", "Two", "2", "none", "0",
    "zero", "ten.", "10", "1,000", "1000", "2,5,7", "3.5", "3.", ".5", "u.s.", "u.s", "t-shirt",
    "t shirt", "tshirt", "black/white", "black and white", "black & white", "red, blue", "red blue",
    "what?", "hello!", "(left)", "left", "50%", "$5", "12:30", "x_y", "man's", "man 's", "mans",
    "café", "cafe\u0301", "naïve", "日本", "٣,٤", "\tcat\n", " cat ", "cat", "a\u00a0pear", "pear",
    "İstanbul", "ǅ", "ß", "SS", "on the table", "on table", "-", "?", "", "...", "a.b.c.", ". . .",
    "one hundred", "'s", "it 's", "[cat]", "{cat}", "cat\\dog", "cat=dog", "a;b", "a ;b", "@home",
    "\"yes\"", "`yes`", "yes>no", "x" * 300, "." * 40, "1.2.3", "1. 2", "é.", "3,a", ",3", "4 , 5",
] + SHORT + sorted(RESTORED)
types = [("is the", "yes/no"), ("how many", "number"), ("what is", "other"), ("what color", "other"),
         ("none of the above", "other"), ("is there a", "yes/no")]


def text():
    joined = rng.choice(["", " ", " ", ", ", "/", "-", ". "]).join(
        rng.choice(pieces) for _ in range(rng.choice([1, 1, 1, 2, 3])))
    return joined.upper() if rng.random() < 0.05 else joined


def variant(answer):
    """The answer, or how somebody else might write it."""
    return rng.choice([answer, answer, answer + ".", answer.capitalize(), f"the {answer}",
                       answer.replace("'", ""), f" {answer}\n", f"{answer}?", answer + ","])


questions, totals = [], {name: collections.defaultdict(list) for name in METRICS}
for _ in range(400):
    few = [text() for _ in range(rng.randint(1, 4))]
    answers = [variant(rng.choice(few)) if rng.random() < 0.7 else few[0] for _ in range(10)]
    if rng.random() < 0.15:
        answers = [answers[0]] * 10
    prediction = variant(rng.choice(few)) if rng.random() < 0.8 else text()
    kind = rng.choice(types)
    scores = [metric(prediction, answers) for metric in METRICS.values()]
    for name, score in zip(METRICS, scores):
        for group in ("", *kind):
            totals[name][group].append(score)
    questions.append([*kind, prediction, answers, *scores])
means = {name: {group: 100 * sum(values) / len(values) for group, values in groups.items()}
         for name, groups in totals.items()}
(HERE / "vqa.json").write_text(json.dumps({"questions": questions, "means": means}) + "\n")
print({name: groups[""] for name, groups in means.items()},
      sum(0 < q[4] < 1 for q in questions), sum(q[4] != q[5] for q in questions),
      sum(q[4] != q[6] for q in questions))
