"""Small Conditional DETR and DAB-DETR with random weights, as `transformers` computes them.

Ran with Python 3.11, torch 2.13.0+cpu, transformers 4.57.6, safetensors 0.8.0, Pillow 13:  python make.py

`conditional/` and `dab/` are model directories as `save_pretrained` writes them. `inputs.safetensors`
holds two pictures of different size in one padded batch: `pixels` (value / 64 - 2) and `mask`.
`<case>.expected.safetensors` holds the outputs for them, and gradients of
sum(logits * logits_weight) + sum(boxes * boxes_weight) under `gradient.<parameter>`, computed in
64 bits (but for the reference's own 32-bit positions) and rounded once.
Cases: `conditional` and `dab`, the models in the folders; `conditional.auxiliary`, the same weights
with `auxiliary_loss`; `dab.patterns`, DAB-DETR with patterns, positions in every layer, a norm
after the encoder, other temperatures and another scale, whose weights are those of `dab/` and of
`dab.patterns.weights.safetensors`. `detections.json` is what the image processor's post-processing
makes of `picture.png`, which needs no resizing.
"""
import json
import os

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import (
    ConditionalDetrConfig, ConditionalDetrForObjectDetection, ConditionalDetrImageProcessor,
    DabDetrConfig, DabDetrForObjectDetection, ResNetConfig,
)

HERE = os.path.dirname(os.path.abspath(__file__))
LABELS = ["cat", "dog", "lamp", "tree", "car", "boat", "hand"]
QUERIES = 16
PICTURE = 2


def options():
    return dict(
        use_timm_backbone=False, backbone=None, use_pretrained_backbone=False,
        backbone_config=ResNetConfig(
            embedding_size=8, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 2, 1],
            layer_type="bottleneck", out_features=["stage4"]),
        num_queries=QUERIES, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64,
        id2label=dict(enumerate(LABELS)), label2id={n: i for i, n in enumerate(LABELS)},
        attn_implementation="eager")


def randomise(model, seed):
    """Weights that keep the size of what passes through, and norms that matter."""
    random = torch.Generator().manual_seed(seed)

    def normal(tensor, scale):
        return torch.randn(tensor.shape, generator=random) * scale

    for name, tensor in sorted(model.state_dict().items()):
        if not tensor.is_floating_point():
            continue
        if name.endswith("running_var"):
            value = 0.5 + torch.rand(tensor.shape, generator=random)
        elif name.endswith("activation_fn.weight"):
            value = 0.1 + 0.5 * torch.rand(tensor.shape, generator=random)
        elif tensor.dim() == 1 and "norm" in name and name.endswith("weight"):
            value = 1 + normal(tensor, 0.2)
        elif tensor.dim() == 1:
            value = normal(tensor, 0.2)
        elif tensor.dim() == 2 and "embeddings" in name or "patterns" in name:
            value = normal(tensor, 1)
        else:
            fan_in = tensor[0].numel()
            value = normal(tensor, (3 if "class" in name else 1) * fan_in**-0.5)
        tensor.copy_(value)


def inputs():
    random = torch.Generator().manual_seed(5)
    coarse = torch.rand(2, 3, 12, 16, generator=random)
    smooth = torch.nn.functional.interpolate(coarse, (96, 128), mode="bilinear")
    noise = torch.rand(2, 3, 96, 128, generator=random)
    pixels = ((0.7 * smooth + 0.3 * noise) * 255).round().to(torch.uint8)
    mask = torch.zeros(2, 96, 128, dtype=torch.uint8)
    mask[0] = 1
    mask[1, :70, :90] = 1
    return pixels * mask[:, None] + 128 * (1 - mask[:, None]), mask


def expected(model, pixels, mask, picked):
    torch.set_default_dtype(torch.float64)
    model = model.double()
    values = pixels.double() / 64 - 2
    out = model(values, pixel_mask=mask.long(), output_hidden_states=True)
    inner = model.model(values, pixel_mask=mask.long(), output_hidden_states=True)
    random = torch.Generator().manual_seed(9)
    weights = {
        "logits": torch.randn(out.logits.shape, generator=random).double(),
        "boxes": torch.randn(out.pred_boxes.shape, generator=random).double(),
    }
    total = (out.logits * weights["logits"]).sum() + (out.pred_boxes * weights["boxes"]).sum()
    parameters = dict(model.named_parameters(remove_duplicate=False))
    gradients = torch.autograd.grad(total, [parameters[name] for name in picked])
    tensors = {
        "logits": out.logits, "boxes": out.pred_boxes, "encoder": out.encoder_last_hidden_state,
        "state": out.last_hidden_state, "logits_weight": weights["logits"],
        "boxes_weight": weights["boxes"],
    }
    if inner.intermediate_hidden_states is not None:
        tensors["state.0"] = inner.intermediate_hidden_states[0]
    else:
        tensors["state.0"] = model.model.decoder.layernorm(out.decoder_hidden_states[1])
    for name, gradient in zip(picked, gradients):
        tensors["gradient." + name] = gradient
    torch.set_default_dtype(torch.float32)
    return {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}


COMMON = [
    "model.input_projection.weight", "model.encoder.layers.0.self_attn.q_proj.weight",
    "model.encoder.layers.0.self_attn.k_proj.weight",
    "model.encoder.layers.0.self_attn.v_proj.weight",
    "model.encoder.layers.1.fc1.bias", "model.decoder.layernorm.weight",
    "model.decoder.query_scale.layers.0.weight", "model.decoder.ref_point_head.layers.1.weight",
    "bbox_predictor.layers.0.weight",
]
PICKED = {
    "conditional": COMMON + [
        "model.query_position_embeddings.weight", "model.decoder.layers.0.ca_qpos_proj.weight",
        "model.decoder.layers.1.ca_qpos_sine_proj.weight",
        "model.decoder.layers.1.sa_kpos_proj.weight",
    ],
    "dab": COMMON + [
        "model.query_refpoint_embeddings.weight", "model.decoder.ref_anchor_head.layers.0.weight",
        "model.encoder.query_scale.layers.1.weight",
        "model.encoder.layers.0.activation_fn.weight",
        "model.decoder.layers.1.mlp.activation_fn.weight",
        "model.decoder.layers.1.cross_attn.cross_attn_query_pos_sine_proj.weight",
    ],
}


def folder(model, name):
    path = os.path.join(HERE, name)
    model.save_pretrained(path)
    ConditionalDetrImageProcessor(
        size={"shortest_edge": 80, "longest_edge": 128}).save_pretrained(path)


def detections(model, processor, picture):
    batch = processor(images=picture, return_tensors="pt")
    assert batch["pixel_values"].shape[-2:] == (picture.height, picture.width)
    with torch.no_grad():
        out = model(**batch)
    found = processor.post_process_object_detection(
        out, threshold=0.0, target_sizes=[(picture.height, picture.width)])[0]
    gaps = -np.diff(np.sort(out.logits.sigmoid().flatten().numpy())[::-1])[:100]
    return [
        {"score": s, "label": LABELS[l], "id": l, "box": b}
        for s, l, b in zip(
            found["scores"].tolist(), found["labels"].tolist(), found["boxes"].tolist())
    ], gaps.min()


def main():
    pixels, mask = inputs()
    save_file({"pixels": pixels, "mask": mask}, os.path.join(HERE, "inputs.safetensors"))
    # Of ten seeds the one whose scores are farthest apart.
    random = np.random.default_rng(PICTURE)
    coarse = Image.fromarray(random.integers(0, 255, (10, 13, 3), dtype=np.uint8))
    picture = coarse.resize((104, 80), Image.BILINEAR)
    picture.save(os.path.join(HERE, "picture.png"))
    processor = ConditionalDetrImageProcessor(size={"shortest_edge": 80, "longest_edge": 128})
    found = {}
    for name, Config, Model, width, seed in (
        ("conditional", ConditionalDetrConfig, ConditionalDetrForObjectDetection, "d_model", 21),
        ("dab", DabDetrConfig, DabDetrForObjectDetection, "hidden_size", 22),
    ):
        model = Model(Config(**{width: 32}, **options())).eval()
        with torch.no_grad():
            randomise(model, seed)
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        folder(model, name)
        save_file(
            expected(model, pixels, mask, PICKED[name]),
            os.path.join(HERE, f"{name}.expected.safetensors"))
        model.float()
        found[name], gap = detections(model, processor, picture)
        print(name, "least gap between scores", gap, "best", found[name][0])
        if name == "conditional":
            variant = Model(Config(auxiliary_loss=True, **{width: 32}, **options())).eval()
            case, base = "conditional.auxiliary", model.state_dict()
            variant.load_state_dict(base)
        else:
            variant = Model(Config(
                num_patterns=2, keep_query_pos=True, normalize_before=True, temperature_height=15,
                temperature_width=30, sine_position_embedding_scale=5.0, **{width: 32},
                **options())).eval()
            case, base = "dab.patterns", model.state_dict()
            with torch.no_grad():
                randomise(variant, 23)
            extra = {
                n: t.clone() for n, t in variant.state_dict().items() if n not in base}
            save_file(extra, os.path.join(HERE, f"{case}.weights.safetensors"))
            variant.load_state_dict({**base, **extra})
        for parameter in variant.parameters():
            parameter.requires_grad_(True)
        save_file(
            expected(variant, pixels, mask, PICKED[name]),
            os.path.join(HERE, f"{case}.expected.safetensors"))
    with open(os.path.join(HERE, "detections.json"), "w") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main()
