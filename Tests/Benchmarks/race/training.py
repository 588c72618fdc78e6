"""PyTorch's training steps: forward, backward, clipping and AdamW, for whoever says `go N`.

    python training.py detr --threads 2
"""

import argparse

import torch

import networks
from rival import serve

# What the published recipes train with; both sides do the same.
RATE, DECAY, CLIPPING = 1e-4, 1e-4, 0.1


def detr():
    """One picture of 480 x 640 pixels with seven objects, a loss for every decoder layer."""
    model = networks.detr().model
    model.config.auxiliary_loss = True
    # transformers freezes the whole network of this kind by mistake; DETR's authors, the stem and
    # the first stage.
    for name, parameter in model.named_parameters():
        if "backbone.conv_encoder" in name:
            parameter.requires_grad_("stages.0." not in name and "embedder" not in name)
    pixels = networks.pictures(1, 480, 640)
    place = 0.2 + 0.1 * torch.arange(7.0)
    boxes = torch.stack([place, 1 - place, torch.full((7,), 0.2), torch.full((7,), 0.3)], dim=1)
    labels = [{"class_labels": 13 * torch.arange(7), "boxes": boxes}]
    return model, lambda: model(pixel_values=pixels, labels=labels).loss


def bert():
    """Eight texts of 64 tokens in two classes."""
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    model = BertForSequenceClassification(BertConfig(vocab_size=networks.WORDS, num_labels=2))
    ids, classes = networks.texts(8, 64), torch.arange(8) % 2
    return model, lambda: model(input_ids=ids, labels=classes).loss


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=["detr", "bert"])
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model, loss = {"detr": detr, "bert": bert}[options.network]()
    model.train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        torch.nn.utils.clip_grad_norm_(trained, CLIPPING)
        optimizer.step()

    step()
    serve(step, parameters=sum(parameter.numel() for parameter in trained))


if __name__ == "__main__":
    main()
