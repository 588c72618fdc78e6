"""Makes the `Sample` folders of the datasets beside this file: a few drawn pictures, and texts
written for them, in the layout of each dataset. Nothing is taken from the datasets themselves.
Needs Python 3 alone: python3 make_samples.py"""
import json
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent
COLOURS = {"red": (200, 40, 40), "green": (40, 160, 60), "blue": (40, 70, 200)}
CLASSES = {1: "ball", 3: "box", 7: "sail"}  # COCO's ids have gaps, too
WIDTH, HEIGHT = 48, 36
# part, id, objects (class id, colour, x, y, width, height, is a crowd)
PICTURES = [
    ("train", 11, [(1, "red", 4, 5, 12, 12, 0), (3, "blue", 24, 10, 18, 20, 0)]),
    ("train", 12, [(7, "green", 10, 4, 21, 30, 0)]),
    ("train", 25, []),
    ("train", 31, [(3, "red", 2, 2, 9, 9, 0), (3, "green", 14, 2, 9, 9, 0),
                   (1, "blue", 26, 18, 20, 14, 1)]),
    ("val", 40, [(1, "green", 8, 8, 20, 20, 0), (7, "red", 30, 12, 14, 20, 0)]),
    ("val", 47, [(3, "blue", 1, 1, 46, 12, 0)]),
]


def covers(kind, x, y, box):
    left, top, width, height = box
    u, v = (x + 0.5 - left) / width, (y + 0.5 - top) / height
    if not (0 <= u < 1 and 0 <= v < 1):
        return False
    if kind == 1:
        return (2 * u - 1) ** 2 + (2 * v - 1) ** 2 <= 1
    return kind == 3 or u <= v


def png(number, objects):
    rows = []
    for y in range(HEIGHT):
        row = bytearray(b"\0")
        for x in range(WIDTH):
            pixel = (225 + number % 20, 230, 240 - y % 2)
            for kind, colour, *box, _ in objects:
                if covers(kind, x, y, box):
                    pixel = COLOURS[colour]
            row += bytes(pixel)
        rows.append(bytes(row))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def write(path, content):
    path = HERE / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def lines(entries):
    return "[\n" + ",\n".join("  " + json.dumps(entry) for entry in entries) + "\n]"


def of(part):
    return [(number, objects) for p, number, objects in PICTURES if p == part]


def coco():
    for part in ("train", "val"):
        images, annotations = [], []
        for number, objects in of(part):
            name = f"{number:012}.png"
            write(f"COCO/Sample/{part}/{name}", png(number, objects))
            images.append({"id": number, "file_name": name, "width": WIDTH, "height": HEIGHT})
            for kind, _, x, y, width, height, crowd in objects:
                full = {1: 0.785, 3: 1, 7: 0.5}[kind] * width * height
                annotations.append({
                    "id": 100 + 10 * number + len(annotations), "image_id": number,
                    "category_id": kind, "bbox": [x, y, width, height],
                    "area": round(full, 2), "iscrowd": crowd})
        categories = [{"id": i, "name": n, "supercategory": "toy"} for i, n in CLASSES.items()]
        write(f"COCO/Sample/annotations/instances_{part}.json",
              f'{{"images": {lines(images)},\n"annotations": {lines(annotations)},\n'
              f'"categories": {lines(categories)}}}\n')


def voc():
    for part in ("train", "val"):
        write(f"VOC/Sample/ImageSets/Main/{part}.txt",
              "".join(f"{number:06}\n" for number, _ in of(part)))
        for number, objects in of(part):
            write(f"VOC/Sample/JPEGImages/{number:06}.png", png(number, objects))
            text = (f"<annotation>\n  <folder>Sample</folder>\n  <filename>{number:06}.png</filename>"
                    f"\n  <size>\n    <width>{WIDTH}</width>\n    <height>{HEIGHT}</height>\n"
                    "    <depth>3</depth>\n  </size>\n")
            for kind, _, x, y, width, height, difficult in objects:
                text += (f"  <object>\n    <name>{CLASSES[kind]}</name>\n    <pose>Frontal</pose>\n"
                         f"    <truncated>0</truncated>\n    <difficult>{difficult}</difficult>\n"
                         f"    <bndbox>\n      <xmin>{x + 1}</xmin>\n      <ymin>{y + 1}</ymin>\n"
                         f"      <xmax>{x + width}</xmax>\n      <ymax>{y + height}</ymax>\n"
                         "    </bndbox>\n  </object>\n")
            write(f"VOC/Sample/Annotations/{number:06}.xml", text + "</annotation>\n")


def yolo():
    names = list(CLASSES.values())
    write("YOLO/Sample/data.yaml", "train: images/train\nval: images/val\nnames:\n"
          + "".join(f"  {k}: {name}\n" for k, name in enumerate(names)))
    for part in ("train", "val"):
        for number, objects in of(part):
            write(f"YOLO/Sample/images/{part}/{number}.png", png(number, objects))
            text = "".join(
                f"{names.index(CLASSES[kind])} {(x + width / 2) / WIDTH:.9g} "
                f"{(y + height / 2) / HEIGHT:.9g} {width / WIDTH:.9g} {height / HEIGHT:.9g}\n"
                for kind, _, x, y, width, height, _ in objects)
            if text:
                write(f"YOLO/Sample/labels/{part}/{number}.txt", text)


def visual_genome():
    write("VisualGenome/Sample/objects_vocab.txt", "ball,sphere\nbox\nsail\n")
    write("VisualGenome/Sample/attributes_vocab.txt", "red\ngreen\nblue\nlarge\n")
    marked, described, object_id = [], [], 1000
    for part in ("train", "val"):
        write(f"VisualGenome/Sample/{part}.txt", "".join(f"{n}\n" for n, _ in of(part)))
        for number, objects in of(part):
            write(f"VisualGenome/Sample/VG_100K/{number}.png", png(number, objects))
            found, told = [], []
            for kind, colour, x, y, width, height, crowd in objects:
                object_id += 1
                name = "sphere" if kind == 1 else CLASSES[kind]
                entry = {"object_id": object_id, "x": x, "y": y, "w": width, "h": height,
                         "names": [name.upper() if crowd else name], "synsets": []}
                found.append(entry)
                words = [colour] + (["Large"] if width * height > 300 else []) + ["drawn"]
                if not crowd:
                    told.append({**entry, "attributes": words})
            found.append({"object_id": object_id + 500, "x": 0, "y": 0, "w": 5, "h": 5,
                          "names": ["paper"], "synsets": []})
            marked.append({"image_id": number, "objects": found})
            described.append({"image_id": number, "attributes": told})
    write("VisualGenome/Sample/objects.json", lines(marked) + "\n")
    write("VisualGenome/Sample/attributes.json", lines(described) + "\n")


def vqa():
    answers = ["<unk>", "yes", "no", "red", "green", "blue", "0", "1", "2", "ball", "box", "sail"]
    write("VQA/Sample/answers_vqa.txt", "".join(a + "\n" for a in answers))
    asked = {
        "train": [
            (11, "What color is the ball?", ["red"] * 8 + ["crimson"] * 2),
            (11, "How many things are there?", ["two"] * 5 + ["2"] * 3 + ["1", "1"]),
            (12, "What is this?", ["sail"] * 4 + ["a sail"] * 3 + ["boat"] * 3),
            (25, "Is there a ball?", ["no"] * 9 + ["yes"]),
            (31, "What is in front?", ["ball"] * 2 + ["box"] * 2 + ["balls"] * 6)],
        "val": [
            (40, "Is the sail red?", ["yes"] * 10),
            (47, "What color is the box?", ["blue"] * 9 + ["navy"])]}
    for part, entries in asked.items():
        questions, annotations = [], []
        for k, (picture, text, people) in enumerate(entries):
            number = picture * 1000 + k
            questions.append({"image_id": picture, "question": text, "question_id": number})
            annotations.append({
                "question_id": number, "image_id": picture, "question_type": "what",
                "answer_type": "other", "answers": [
                    {"answer": a, "answer_confidence": "yes", "answer_id": i + 1}
                    for i, a in enumerate(people)]})
        for number, objects in of(part):
            write(f"VQA/Sample/{part}/{number:012}.png", png(number, objects))
        write(f"VQA/Sample/{part}_questions.json", f'{{"questions": {lines(questions)}}}\n')
        write(f"VQA/Sample/{part}_annotations.json", f'{{"annotations": {lines(annotations)}}}\n')


def snli_ve():
    pairs = {
        "train": [(11, "There is a ball.", "entailment"), (11, "The ball is heavy.", "neutral"),
                  (12, "There is nothing green.", "contradiction"), (25, "It is paper.", "-")],
        "dev": [(40, "The sail is red.", "entailment"), (47, "It is night.", "contradiction")]}
    for part, entries in pairs.items():
        text = "".join(json.dumps({
            "annotator_labels": [label], "captionID": f"{picture}.jpg#0", "gold_label": label,
            "pairID": f"{picture}.jpg#0r{k}", "sentence1": "A drawing.", "sentence2": hypothesis,
            "Flickr30K_ID": str(picture)}) + "\n" for k, (picture, hypothesis, label)
            in enumerate(entries))
        write(f"SNLIVE/Sample/snli_ve_{part}.jsonl", text)
    for part, number, objects in PICTURES:
        write(f"SNLIVE/Sample/images/{number}.png", png(number, objects))


def glue():
    files = {
        "SST-2/train": "sentence\tlabel\na warm and funny film \t1\nit drags on and on \t0\n",
        "SST-2/dev": "sentence\tlabel\nwell worth the ticket \t1\n",
        "QNLI/train": "index\tquestion\tsentence\tlabel\n"
        "0\tWhere is the \"old\" mill?\tThe mill stands by the river.\tentailment\n"
        "1\tWho built it?\tIt has four sails.\tnot_entailment\n",
        "QNLI/dev": "index\tquestion\tsentence\tlabel\n"
        "0\tHow tall is it?\tThe mill is twelve metres tall.\tentailment\n",
        "QQP/train": "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
        "7\t1\t2\tHow do I bake bread?\tWhat is the way to bake bread?\t1\n"
        "8\t3\t4\tWhy is the sky blue?\tHow old is the moon?\t0\n"
        "9\t5\t6\tThis line breaks off\n",
        "QQP/dev": "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"
        "1\t1\t2\tIs tea healthy?\tIs tea good for you?\t1\n"}
    mnli = ("index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\t"
            "sentence1_parse\tsentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label\n")
    rows = [("It rained all day.", "The day was wet.", "entailment"),
            ("She bought a lamp.", "The lamp is green.", "neutral"),
            ("Nobody came.", "The hall was full.", "contradiction"),
            ("He may come.", "He comes.", "-")]

    def told(entries):
        return mnli + "".join(
            f"{k}\t{k}\t{k}n\tfiction\t( )\t( )\t(ROOT )\t(ROOT )\t{a}\t{b}\t{label}\t{label}\n"
            for k, (a, b, label) in enumerate(entries))
    files |= {"MNLI/train": told(rows), "MNLI/dev_matched": told(rows[:1]),
              "MNLI/dev_mismatched": told(rows[1:3])}
    for name, text in files.items():
        write(f"GLUE/Sample/{name}.tsv", text)


if __name__ == "__main__":
    for make in (coco, voc, yolo, visual_genome, vqa, snli_ve, glue):
        make()
