"""Checks the released sizes, which are too large for goldens: writes a checkpoint with random
weights as MMF does, lets `unit` convert and use it, and compares the outputs with the reference.

    swift build -c release --product unit
    python full_size.py --unit ../../../.build/release/unit --vocabulary vocab.txt --folder DIR
    python full_size.py ... --separate          one decoder a dataset, 2.1 GB of weights
    python full_size.py ... --check             compare the outputs, too

`vocab.txt` is that of bert-base-uncased, 30,522 lines. DIR gets the checkpoint, the converted model
and the outputs; nothing in it is needed afterwards. The picture is 1066 x 800 pixels, so that the
network sees all of them. For every command the time on the clock and the largest resident memory
are shown (with `--check` the memory counts the checking process, too); `--check` says for each output the largest difference from double precision, and what
PyTorch's own float32 differs by, and fails beyond 1e-4. Made with Python 3.11, torch 2.13.0+cpu, safetensors 0.8.0, and
Pillow 13.0.0.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

TASKS = [
    "detection_coco", "detection_visual_genome", "vqa2", "visual_entailment", "glue_mnli_mismatched"
]


def build(shared, seed=7):
    """The network with random weights, the same every time."""
    from configurations import official
    from reference import UniT
    from samples import randomise

    model = UniT(official(shared)).eval()
    randomise(model, seed)
    return model


def picture(path):
    """Soft shapes with some noise."""
    import torch
    from PIL import Image

    y, x = torch.meshgrid(torch.arange(800.0), torch.arange(1066.0), indexing="ij")
    waves = [torch.sin(x / a + y / b) for a, b in ((31, 57), (83, 29), (47, 203))]
    noise = torch.randn(3, 800, 1066, generator=torch.Generator().manual_seed(1))
    pixels = (torch.stack(waves) * 70 + 128 + noise * 12).clamp(0, 255).to(torch.uint8)
    Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(path)


def run(name, *command):
    """Standard output of a command, after a line about its cost."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        output.seek(0)
        text = output.read().decode()
    seconds = time.monotonic() - begin
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}")
    busy = usage.ru_utime + usage.ru_stime
    print(
        f"{name:24} {seconds:7.2f} s, {busy:7.2f} s of processors, "
        f"{usage.ru_maxrss / 1024:7.0f} MiB at most", flush=True,
    )
    return text


def tokens(task):
    """A text of 12 tokens, of two for tasks on pairs."""
    import torch

    random = torch.Generator().manual_seed(2)
    ids = torch.randint(1996, 29000, (1, 12), generator=random)
    ids[0, 0], ids[0, 6], ids[0, 11] = 101, 102, 102
    types = torch.zeros_like(ids)
    if task["type"] == "glue":
        types[0, 7:] = 1
    return ids, types


def expected(model, task, pixels):
    """The reference's outputs under the names of `unit debug forward`."""
    import torch

    arguments = {}
    if task["type"] != "glue":
        arguments["pixels"] = pixels.to(model.bert_projection.weight.dtype)
        arguments["pixel_mask"] = torch.ones(1, *pixels.shape[-2:], dtype=torch.bool)
    if task["type"] != "detection":
        ids, types = tokens(task)
        arguments.update(ids=ids, types=types, text_mask=torch.ones_like(ids, dtype=torch.bool))
    with torch.inference_mode():
        outputs = model(task["name"], **arguments)
    named = {"last_hidden_state": outputs["decoder.states"][-1]}
    if "image.encoded" in outputs:
        named["encoder_last_hidden_state"] = outputs["image.encoded"] + outputs["image.projected"]
    if "text.states" in outputs:
        named["text_last_hidden_state"] = outputs["text.states"]
    if task["type"] == "detection":
        named["logits"], named["pred_boxes"] = outputs["logits"][-1], outputs["boxes"][-1]
        if "attributes" in outputs:
            named["attributes"] = outputs["attributes"]
    else:
        named["answers" if task["loss"] == "binary" else "logits"] = outputs["answers"]
    return {name: x.double() for name, x in named.items()}


def write(arguments):
    """The picture and the checkpoint."""
    import torch

    picture(f"{arguments.folder}/picture.png")
    model, path = build(not arguments.separate), f"{arguments.folder}/unit_final.pth"
    torch.save(model.state_dict(), path)
    count = sum(x.numel() for x in model.parameters())
    print(f"{path}: {os.path.getsize(path):,} bytes, {count:,} parameters", flush=True)


def check(arguments):
    """Outputs against the reference in double precision."""
    from safetensors.torch import load_file, save_file

    folder, model = arguments.folder, build(not arguments.separate)
    image = f"{folder}/picture.png"
    seen = f"{folder}/seen.safetensors"
    run(
        "preprocess", arguments.unit, "debug", "preprocess", image, "--model", f"{folder}/model",
        "--outputs", seen,
    )
    pixels = load_file(seen)["pixel_values"]
    tasks = [task for task in model.config["tasks"] if task["name"] in TASKS]
    rough = {task["name"]: expected(model, task, pixels) for task in tasks}
    model = model.double()
    worst = 0
    for task in tasks:
        name = task["name"]
        inputs = {"pixel_values": pixels} if task["type"] != "glue" else {}
        if task["type"] != "detection":
            ids, types = tokens(task)
            inputs.update(input_ids=ids, token_type_ids=types.float())
        save_file(inputs, f"{folder}/in.safetensors")
        run(
            f"forward {name[:15]}", arguments.unit, "debug", "forward", "--model",
            f"{folder}/model", "--task", name, "--inputs", f"{folder}/in.safetensors",
            "--outputs", f"{folder}/out.safetensors",
        )
        found = load_file(f"{folder}/out.safetensors")
        for key, x in expected(model, task, pixels).items():
            difference = (found[key].double() - x).abs().max().item()
            torch_difference = (rough[name][key] - x).abs().max().item()
            worst = max(worst, difference)
            print(
                f"  {key:26} {difference:.1e} (PyTorch {torch_difference:.1e}), "
                f"largest value {x.abs().max().item():.2f}", flush=True,
            )
    print(f"largest difference: {worst:.1e}")
    if worst > 1e-4:
        sys.exit("more than 1e-4")


def use(arguments):
    """What a user does with a checkpoint."""
    unit, folder = arguments.unit, arguments.folder
    checkpoint, image, model = (
        f"{folder}/{name}" for name in ("unit_final.pth", "picture.png", "model")
    )
    run(
        "convert", unit, "convert", checkpoint, "--vocabulary", arguments.vocabulary, "--to", model
    )
    print(run("inspect checkpoint", unit, "inspect", checkpoint).splitlines()[0])
    print("\n".join(run("inspect model", unit, "inspect", model).splitlines()[:9]))
    for name, task in (("COCO", "detection_coco"), ("VG", "detection_visual_genome")):
        found = run(
            f"detect, {name}", unit, "detect", image, "--model", model, "--threshold", "0",
            "--task", task, "--attributes",
        )
        print("\n".join(found.splitlines()[:2]))
    questions = ["what is in the picture?", "is it red?", "how many are there?"]
    for count in (1, 3):
        answers = run(f"ask, {count}", unit, "ask", image, *questions[:count], "--model", model)
        print("\n".join(answers.splitlines()[:3]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--unit", required=True)
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--separate", action="store_true")
    parser.add_argument("--check", action="store_true", help="compare the outputs, too")
    parser.add_argument("--step", choices=["write", "check"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.folder = os.path.abspath(arguments.folder)
    if arguments.step:
        return {"write": write, "check": check}[arguments.step](arguments)
    os.makedirs(arguments.folder, exist_ok=True)
    # This process stays small: what a child is measured by begins with its parent's memory.
    again = [sys.executable, *sys.argv]
    subprocess.run([*again, "--step", "write"], check=True)
    use(arguments)
    if arguments.check:
        subprocess.run([*again, "--step", "check"], check=True)


if __name__ == "__main__":
    main()
