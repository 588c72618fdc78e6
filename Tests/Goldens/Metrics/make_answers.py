"""Writes answers.json: VQA accuracies and normalised texts, and classification scores.

Ran with Python 3.11.7, salesforce-lavis 1.0.2 (its copy of the VQA challenge's vqaEval.py), mmf
1.0.0rc10 (m4c_evaluators.py), scikit-learn 1.7.2.
    python make_answers.py VQA_EVAL.py M4C_EVALUATORS.py
"""
import importlib.util
import json
import pathlib
import random
import sys

from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support


def load(path):
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vqa_eval, m4c = load(sys.argv[1]), load(sys.argv[2])
rng = random.Random(0)


class Questions:
    """What the evaluation asks of its data."""

    def __init__(self, qa):
        self.qa = qa

    def getQuesIds(self):
        return list(self.qa)


def challenge(prediction, answers, official):
    answers = list(answers)
    if official:
        # The challenge's present program differs from the copy in two places: people's answers
        # are trimmed and get the whole treatment, and unanimous answers leave both sides alone.
        clean = vqa_eval.VQAEval(Questions({}), None)
        trim = lambda t: t.replace("\n", " ").replace("\t", " ").strip()
        whole = lambda t: clean.processDigitArticle(clean.processPunctuation(t))
        prediction, answers = trim(prediction), [trim(a) for a in answers]
        if len(set(answers)) > 1:
            prediction, answers = whole(prediction), [whole(a) for a in answers]
        clean.processPunctuation = clean.processDigitArticle = lambda t: t
        evaluation = clean
    else:
        evaluation = vqa_eval.VQAEval(Questions({}), None)
    gold = Questions({0: {
        "answers": [{"answer": a, "answer_id": i + 1} for i, a in enumerate(answers)],
        "question_type": "q", "answer_type": "a"}})
    evaluation.vqa, evaluation.vqaRes = gold, Questions({0: {"answer": prediction}})
    evaluation.n = 12
    evaluation.updateProgress = lambda progress: None
    evaluation.evaluate([0])
    return evaluation.accuracy["overall"] / 100


def mmf(prediction, answers):
    entry = {"pred_answer": prediction,
             "gt_answers": [answers[i % len(answers)] for i in range(10)]}
    return m4c.TextVQAAccuracyEvaluator().eval_pred_list([entry])


pieces = [
    "yes", "no", "Yes", "a", "the dog", "Two", "two", "2", "none", "0", "ten.", "dont", "don't",
    "it's", "its", "man's hat", "1,000", "1000", "3.5", "3.", ".5", "u.s.a.", "t-shirt", "t shirt",
    "black/white", "black / white", "red, blue", "what?", "hello!", "(left)", "50%", "$5", "couldnt've",
    "somebody'd", "shes", "she's", "\tcat\n", "  cat ", "CAT", "café", "cafe\u0301", "an apple",
    "a\u00a0pear", "ow's'at", "Im", "'twas", "twas", "yall'll", "12:30", "x_y", "\u0663,\u0664", "é.",
    "No.", "to the right", "?", ", ,", "oclock", "wheres", "......" * 8, "b...", "-", "",
]
texts = pieces + [
    "".join(rng.choice([" ", "", " ", ", ", "'", "-", "."]) + rng.choice(pieces) for _ in range(n))
    for n in (2, 3, 4) for _ in range(40)]
clean = vqa_eval.VQAEval(Questions({}), None)
normalised = [
    [t, clean.processDigitArticle(clean.processPunctuation(
        t.replace("\n", " ").replace("\t", " ").strip())), m4c.EvalAIAnswerProcessor()(t)]
    for t in texts]
cases = []
for number in range(300):
    few = rng.sample(pieces, rng.randint(1, 4))
    size = 10 if number % 5 else rng.randint(1, 12)
    answers = [rng.choice(few) for _ in range(size)]
    prediction = rng.choice(few + [rng.choice(pieces)])
    cases.append([
        prediction, answers, challenge(prediction, answers, True),
        challenge(prediction, answers, False),
        mmf(prediction, answers) if size <= 10 else -1])
classes = []
for number in range(40):
    n, size = rng.randint(2, 6), rng.randint(1, 60)
    truth = [rng.randrange(n) for _ in range(size)]
    found = [t if rng.random() < 0.6 else rng.randrange(n) for t in truth]
    p, r, f, _ = precision_recall_fscore_support(
        truth, found, labels=list(range(n)), zero_division=0)
    classes.append({
        "classes": n, "truth": truth, "found": found, "accuracy": accuracy_score(truth, found),
        "precision": list(p), "recall": list(r), "f1": list(f),
        "macro": f1_score(truth, found, average="macro", zero_division=0)})
text = json.dumps({"normalised": normalised, "cases": cases, "classes": classes})
(pathlib.Path(__file__).parent / "answers.json").write_text(text + "\n")
