"""Makes the goldens of DETR: one tiny network with random weights in the layouts that DETR is
published in, and its outputs for two pictures of different sizes in one padded batch.

    python make.py            # torch 2.13.0, transformers 4.57.6, safetensors 0.8.0
    python make.py --five     # names5.txt alone, with transformers 5.23.0

Writes
    huggingface-resnet/   config.json, model.safetensors: transformers' own residual network
    huggingface-timm/     config.json, pytorch_model.bin: the backbone under timm's names
    facebook.pth          the names of facebookresearch/detr, {"model", "args"}, legacy container
    outputs.safetensors   inputs and outputs of DetrForObjectDetection; `dc5.` with a dilated
                          last stage, that is without the stride of its first block and with
                          dilation 2 in the following ones; `auxiliary.` with `auxiliary_loss`,
                          which changes what the decoder's layers read
    names5.txt            every parameter's name and shape in the spelling of transformers 5

The lists in published/ hold the names and shapes of the published DETR-ResNet-50: those of
facebookresearch/detr at 29901c51, and `DetrForObjectDetection(DetrConfig())` of transformers 4.57.6
with either kind of backbone (timm 1.0.31).
"""

import argparse
import json
import os
import sys

import torch
from transformers import DetrConfig, DetrForObjectDetection, ResNetConfig

HERE = os.path.dirname(os.path.abspath(__file__))
FIVE = "--five" in sys.argv
DEPTHS, OUTPUTS, STEM = [1, 1, 2, 2], [16, 32, 48, 64], 8


def configuration():
    backbone = ResNetConfig(
        embedding_size=STEM, hidden_sizes=OUTPUTS, depths=DEPTHS, layer_type="bottleneck",
        out_features=["stage4"])
    return DetrConfig(
        use_timm_backbone=False, **({} if FIVE else {"use_pretrained_backbone": False}), backbone=None, backbone_config=backbone, d_model=32,
        encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=48, decoder_ffn_dim=64, num_queries=7, num_labels=5,
        id2label={0: "N/A", 1: "person", 2: "bicycle", 3: "LABEL_3", 4: "motorcycle"})


def network():
    torch.manual_seed(31)
    model = DetrForObjectDetection(configuration()).eval()
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name.endswith("running_var"):
                value.copy_(torch.rand_like(value) * 0.8 + 0.6)
            elif name.endswith("running_mean"):
                value.copy_(torch.randn_like(value) * 0.1)
            elif "norm" in name and name.endswith("weight"):
                value.copy_(1 + torch.randn_like(value) * 0.1)
            elif name.endswith("bias"):
                value.copy_(torch.randn_like(value) * 0.1)
            elif "query_position" in name or "predictor" in name or "classifier" in name:
                value.copy_(torch.randn_like(value) * 0.5)
    return model


def timm_name(name):
    """transformers' residual network -> torchvision's names, which timm shares."""
    root = "model.backbone.conv_encoder.model."
    if not name.startswith(root):
        return name
    words = name[len(root):].split(".")
    kind = {"convolution": "conv", "normalization": "bn"}
    if words[0] == "embedder":
        return root + f"{kind[words[2]]}1.{words[3]}"
    stage, block, rest = int(words[2]) + 1, words[4], words[5:]
    place = f"{root}layer{stage}.{block}."
    if rest[0] == "shortcut":
        return place + f"downsample.{0 if rest[1] == 'convolution' else 1}.{rest[2]}"
    return place + f"{kind[rest[2]]}{int(rest[1]) + 1}.{rest[3]}"


def facebook(state):
    """timm's names -> those of facebookresearch/detr, with q, k and v as one matrix."""
    renamed = {}
    norms = {
        "encoder": {"self_attn_layer_norm": "norm1", "final_layer_norm": "norm2"},
        "decoder": {"self_attn_layer_norm": "norm1", "encoder_attn_layer_norm": "norm2",
                    "final_layer_norm": "norm3"}}
    for name, value in state.items():
        words = name.split(".")
        if name.startswith("model.backbone."):
            renamed["backbone.0.body." + ".".join(words[4:])] = value
        elif name.startswith("class_labels_classifier"):
            renamed["class_embed." + words[1]] = value
        elif name.startswith("bbox_predictor"):
            renamed["bbox_embed." + ".".join(words[1:])] = value
        elif name.startswith("model.query_position_embeddings"):
            renamed["query_embed.weight"] = value
        elif name.startswith("model.input_projection"):
            renamed["input_proj." + words[2]] = value
        elif name.startswith("model.decoder.layernorm"):
            renamed["transformer.decoder.norm." + words[3]] = value
        else:
            coder, layer, part = words[1], words[3], words[4]
            place = f"transformer.{coder}.layers.{layer}."
            attention = {"self_attn": "self_attn", "encoder_attn": "multihead_attn"}.get(part)
            if attention is None:
                part = norms[coder].get(part) or {"fc1": "linear1", "fc2": "linear2"}[part]
                renamed[f"{place}{part}.{words[5]}"] = value
            elif words[5] == "out_proj":
                renamed[f"{place}{attention}.out_proj.{words[6]}"] = value
            elif words[5] == "q_proj":
                parts = [state[name.replace("q_proj", p)] for p in ("q_proj", "k_proj", "v_proj")]
                renamed[f"{place}{attention}.in_proj_{words[6]}"] = torch.cat(parts)
    return renamed


def dilate(model):
    stage = model.model.backbone.conv_encoder.model.encoder.stages[-1]
    for index, block in enumerate(stage.layers):
        convolution = block.layer[1].convolution
        convolution.stride = (1, 1)
        if index == 0:
            block.shortcut.convolution.stride = (1, 1)
        else:
            convolution.dilation = convolution.padding = (2, 2)


def write():
    from safetensors.torch import save_file

    model = network()
    folder = os.path.join(HERE, "huggingface-resnet")
    model.save_pretrained(folder)
    state = {timm_name(name): value for name, value in model.state_dict().items()}
    folder = os.path.join(HERE, "huggingface-timm")
    os.makedirs(folder, exist_ok=True)
    torch.save(state, os.path.join(folder, "pytorch_model.bin"))
    with open(os.path.join(HERE, "huggingface-resnet", "config.json")) as file:
        settings = json.load(file)
    table = settings["backbone_config"]
    settings["backbone_config"] = {
        key: table[key]
        for key in ("model_type", "embedding_size", "hidden_sizes", "depths", "layer_type")}
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(settings, file, indent=1, sort_keys=True)
        file.write("\n")
    torch.save(
        {"model": facebook(state), "args": argparse.Namespace(dilation=False, nheads=4)},
        os.path.join(HERE, "facebook.pth"), _use_new_zipfile_serialization=False)

    torch.manual_seed(32)
    pixels = torch.randn(2, 3, 70, 93)
    mask = torch.zeros(2, 70, 93, dtype=torch.long)
    mask[0, :70, :61] = 1
    mask[1, :50, :93] = 1
    pixels *= mask[:, None]
    outputs = {"pixel_values": pixels, "pixel_mask": mask.float()}
    with torch.no_grad():
        for prefix in ("", "auxiliary.", "dc5."):
            model.model.decoder.config.auxiliary_loss = prefix == "auxiliary."
            if prefix == "dc5.":
                dilate(model)
            found = model(pixel_values=pixels, pixel_mask=mask)
            for name in ("logits", "pred_boxes", "last_hidden_state", "encoder_last_hidden_state"):
                outputs[prefix + name] = found[name].contiguous()
    save_file(outputs, os.path.join(HERE, "outputs.safetensors"))


def write_names():
    model = DetrForObjectDetection(configuration())
    with open(os.path.join(HERE, "names5.txt"), "w") as file:
        for name, value in model.state_dict().items():
            file.write(f"{name}\t{tuple(value.shape)}\n")


if FIVE:
    write_names()
else:
    write()
