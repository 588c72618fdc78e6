"""Writes post_processing.safetensors: what Hugging Face makes of a DETR's logits and boxes.

Ran with Python 3.11, transformers 4.57.6, torch 2.13.0, safetensors 0.8.0:
    python make_post_processing.py
The states are random, and so are the weights of the head that turns them into logits and boxes;
its layers are written out here.
"""
import os

import torch
from safetensors.torch import save_file
from transformers import DetrImageProcessor
from transformers.models.detr.modeling_detr import DetrObjectDetectionOutput

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, ROWS, QUERIES, BATCH = 8, 7, 40, 3
torch.manual_seed(9)

def layer(rows, columns, scale):
    return torch.randn(rows, columns) * scale, torch.randn(rows) * 0.3

states = torch.randn(BATCH, QUERIES, WIDTH)
weights = {}
weights["class_embeds.found.weight"], weights["class_embeds.found.bias"] = layer(ROWS, WIDTH, 0.9)
for index, rows in enumerate([WIDTH, WIDTH, 4]):
    name = f"bbox_embeds.found.layers.{index}"
    weights[name + ".weight"], weights[name + ".bias"] = layer(rows, WIDTH, 0.5)
linear = torch.nn.functional.linear
logits = linear(states, weights["class_embeds.found.weight"], weights["class_embeds.found.bias"])
x = states
for index in range(3):
    x = linear(x, weights[f"bbox_embeds.found.layers.{index}.weight"], weights[f"bbox_embeds.found.layers.{index}.bias"])
    x = x.relu() if index < 2 else x.sigmoid()
sizes = torch.tensor([[480, 640], [1333, 97], [31, 2000]])
tensors = {"states": states, "sizes": sizes, **{"weights." + name: value for name, value in weights.items()}}
processor = DetrImageProcessor()
output = DetrObjectDetectionOutput(logits=logits, pred_boxes=x)

thresholds = [0.0, 0.25, 0.5, 0.9]
tensors["thresholds"] = torch.tensor(thresholds)
for number, threshold in enumerate(thresholds):
    found = processor.post_process_object_detection(output, threshold, sizes)
    for picture, result in enumerate(found):
        for name, value in result.items():
            tensors[f"{number}.{picture}.{name}"] = value.contiguous()
save_file(tensors, os.path.join(HERE, "post_processing.safetensors"))
