"""Compares `unit debug forward` with transformers on DETRs of full size with random weights.

    python check_full_size.py .build/release/unit FOLDER [r50 | r101 | dc5 ...]

Ran with torch 2.13.0 and transformers 4.57.6 (r50, with transformers' own residual network) and
5.23.0 (r101 and dc5, with timm 1.0.31). FOLDER receives the models, up to 250 MB each. Prints the
largest difference of each output, and fails above 1e-4.
"""

import os
import subprocess
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import DetrConfig, DetrForObjectDetection, ResNetConfig

TIMM = {"use_timm_backbone": True, "use_pretrained_backbone": False}
NETWORKS = {
    "r50": lambda: {
        "use_timm_backbone": False, "use_pretrained_backbone": False, "backbone": None,
        "backbone_config": ResNetConfig(out_features=["stage4"])},
    "r101": lambda: {"backbone": "resnet101", **TIMM},
    "dc5": lambda: {"backbone": "resnet50", "dilation": True, **TIMM},
}
OUTPUTS = ("logits", "pred_boxes", "last_hidden_state", "encoder_last_hidden_state")


def network(name):
    torch.manual_seed(1)
    model = DetrForObjectDetection(DetrConfig(num_labels=91, **NETWORKS[name]())).eval()
    with torch.no_grad():
        for key, value in model.state_dict().items():
            if key.endswith("running_var"):
                value.copy_(torch.rand_like(value) * 0.5 + 0.75)
            elif key.endswith("running_mean"):
                value.copy_(torch.randn_like(value) * 0.05)
            elif key.endswith(("bn3.weight", "layer.2.normalization.weight")):
                value.fill_(0.3)  # without it random residuals grow from block to block
    return model


def check(unit, folder, name):
    model = network(name)
    path = os.path.join(folder, name)
    model.save_pretrained(path)
    pixels = torch.randn(2, 3, 200, 264)
    mask = torch.ones(2, 200, 264, dtype=torch.long)
    mask[1, :, 180:] = 0
    pixels *= mask[:, None]
    with torch.no_grad():
        expected = model(pixel_values=pixels, pixel_mask=mask)
    inputs, outputs = path + "-inputs.safetensors", path + "-outputs.safetensors"
    save_file({"pixel_values": pixels, "pixel_mask": mask.float()}, inputs)
    subprocess.run(
        [unit, "debug", "forward", "--model", path, "--inputs", inputs, "--outputs", outputs],
        check=True)
    found = load_file(outputs)
    worst = {key: (found[key] - expected[key]).abs().max().item() for key in OUTPUTS}
    print(name, {key: f"{value:.1e}" for key, value in worst.items()})
    return max(worst.values()) <= 1e-4


if __name__ == "__main__":
    chosen = sys.argv[3:] or list(NETWORKS)
    os.makedirs(sys.argv[2], exist_ok=True)
    sys.exit(0 if all([check(sys.argv[1], sys.argv[2], name) for name in chosen]) else 1)
