"""A whole process of a rival that finds the objects of one picture file with DETR.

    python cold.py ort --picture picture.jpg --work DIR --threads 2
"""

import argparse
import os

from preprocessing import pixels


def torch_side(options):
    import torch
    from transformers import DetrForObjectDetection

    torch.set_num_threads(options.threads)
    model = DetrForObjectDetection.from_pretrained(os.path.join(options.work, "detr")).eval()
    with torch.inference_mode():
        found = model(pixel_values=torch.from_numpy(pixels(options.picture)))
    return found.logits.numpy(), found.pred_boxes.numpy()


def ort_side(options):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        os.path.join(options.work, "detr480.onnx"), settings, providers=["CPUExecutionProvider"])
    return session.run(None, {"pixel_values": pixels(options.picture)})


def openvino_side(options):
    import openvino

    compiled = openvino.Core().compile_model(
        os.path.join(options.work, "detr480.onnx"), "CPU",
        {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": options.threads,
         "PERFORMANCE_HINT": "LATENCY"})
    found = compiled({"pixel_values": pixels(options.picture)})
    return found[0], found[1]


def main():
    sides = {"torch": torch_side, "ort": ort_side, "openvino": openvino_side}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("side", choices=sides)
    parser.add_argument("--picture", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    logits, boxes = sides[options.side](options)
    import numpy

    chances = numpy.exp(logits[0] - logits[0].max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    best = chances[:, :-1].argmax(-1)
    for query in numpy.argsort(-chances[:, :-1].max(-1))[:5]:
        print(best[query], chances[query, best[query]], boxes[0][query])


if __name__ == "__main__":
    main()
