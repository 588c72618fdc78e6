"""How many answers about scenes are right, by the kind of the question, and the mean over the kinds.

    unit evaluate --task vqa --kind vqa --data data/scenes --split validation --predictions answers.jsonl
    python3 datasets/Scenes/Training/by_kind.py answers.jsonl data/scenes/validation/annotations.json
"""

import collections
import json
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2]) as file:
        truth = {item["question_id"]: item for item in json.load(file)["annotations"]}
    right, count = collections.Counter(), collections.Counter()
    with open(sys.argv[1]) as file:
        for line in file:
            answered = json.loads(line)
            item = truth[int(answered["sample"].rsplit("question ", 1)[1])]
            kind = item["question_type"]
            count[kind] += 1
            right[kind] += answered["answers"][0]["answer"] == item["multiple_choice_answer"]
    for kind in sorted(count):
        print(f"{kind:10} {right[kind] / count[kind]:.3f} of {count[kind]}")
    print(f"{'mean':10} {sum(right[kind] / count[kind] for kind in count) / len(count):.4f}")
    print(f"{'all':10} {sum(right.values()) / sum(count.values()):.4f}")


if __name__ == "__main__":
    main()
