"""The raced networks in PyTorch, with random weights that keep numbers near 1."""

import os
import sys

import torch
from torch import nn
from torch.nn import functional as F

# Where UniT's reference is; a saved module finds its classes there, too.
sys.path.insert(
    0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Goldens/UniT"))
WORDS = 30522


class Outputs(nn.Module):
    """A model of transformers that takes tensors by position and gives a tuple of them."""

    def __init__(self, model, inputs, outputs):
        super().__init__()
        self.model = model
        self.inputs = inputs
        self.outputs = outputs

    def forward(self, *tensors):
        found = self.model(**dict(zip(self.inputs, tensors)))
        return tuple(found[name] for name in self.outputs)


def settle(model, kinds, pixels):
    """Gives every batch normalisation the statistics that its input has on `pixels`."""

    def look(module, inputs):
        module.running_mean.copy_(inputs[0].mean((0, 2, 3)))
        module.running_var.copy_(inputs[0].var((0, 2, 3)) + 1e-3)

    hooks = [
        module.register_forward_pre_hook(look) for module in model.modules()
        if isinstance(module, kinds)
    ]
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("layer.2.normalization.weight"):
                weight.fill_(0.3)
        # What a normalisation sees depends on the ones before it, which are settled by then.
        model(pixels)
    for hook in hooks:
        hook.remove()


def pictures(batch, height, width, seed=1):
    """Normalised pixels with large and small structures."""
    random = torch.Generator().manual_seed(seed)
    rough = torch.randn(batch, 3, height // 16 + 2, width // 16 + 2, generator=random)
    smooth = F.interpolate(rough, size=(height, width), mode="bicubic")
    return smooth + 0.3 * torch.randn(batch, 3, height, width, generator=random)


def texts(batch, length, seed=2):
    """Ids of word pieces, [CLS] first and [SEP] last."""
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(1996, 29000, (batch, length), generator=random)
    ids[:, 0], ids[:, -1] = 101, 102
    return ids


def detr():
    from transformers import DetrConfig, DetrForObjectDetection, ResNetConfig
    from transformers.models.detr.modeling_detr import DetrFrozenBatchNorm2d

    torch.manual_seed(0)
    # 90 rows and one for nothing: what the published weights for COCO have 91 and one of.
    model = DetrForObjectDetection(DetrConfig(
        use_timm_backbone=False, use_pretrained_backbone=False, backbone=None, num_labels=91,
        num_queries=100, backbone_config=ResNetConfig(out_features=["stage4"]))).eval()
    settle(model, DetrFrozenBatchNorm2d, pictures(1, 480, 640, seed=3))
    return Outputs(model, ("pixel_values",), ("logits", "pred_boxes"))


def resnet():
    from transformers import ResNetConfig, ResNetForImageClassification

    torch.manual_seed(0)
    model = ResNetForImageClassification(ResNetConfig(num_labels=1000)).eval()
    settle(model, nn.BatchNorm2d, pictures(2, 224, 224, seed=3))
    return Outputs(model, ("pixel_values",), ("logits",))


def bert():
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    return Outputs(
        BertModel(BertConfig(vocab_size=WORDS)).eval(), ("input_ids",), ("last_hidden_state",))


class Questions(nn.Module):
    """ViltForQuestionAnswering on whole pictures without padding.

    transformers shuffles the patches and picks them by a loop over the batch, which no exporter
    follows; here they stand row by row, which changes nothing but the speed, to the better.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.mask = None
        model.vilt.embeddings.visual_embed = self.embed

    def embed(self, pixels, mask, max_image_length):
        table = self.model.vilt.embeddings
        x = table.patch_embeddings(pixels)
        side = table.config.image_size // table.config.patch_size
        places = table.position_embeddings[:, 1:].transpose(1, 2).view(1, -1, side, side)
        places = F.interpolate(places, size=x.shape[-2:], mode="bilinear", align_corners=True)
        x = (x + places).flatten(2).transpose(1, 2)
        first = table.cls_token + table.position_embeddings[:, :1]
        x = torch.cat([first.expand(x.shape[0], -1, -1), x], dim=1)
        return x, torch.ones(x.shape[:2]), None

    def forward(self, pixels, ids):
        return (self.model(pixel_values=pixels, input_ids=ids).logits,)


def vilt():
    from transformers import ViltConfig, ViltForQuestionAnswering

    torch.manual_seed(0)
    model = ViltForQuestionAnswering(ViltConfig(vocab_size=WORDS, num_labels=3129)).eval()
    with torch.no_grad():
        for name in ("cls_token", "position_embeddings"):
            getattr(model.vilt.embeddings, name).normal_(0, 0.02)
    return Questions(model)


class Answers(nn.Module):
    """The released UniT's answers to questions about whole pictures without padding."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        # Nothing is padded: PyTorch's attention is faster where it is not asked to look.
        for module in model.modules():
            if isinstance(module, nn.MultiheadAttention):
                module.register_forward_pre_hook(unmasked, with_kwargs=True)

    def forward(self, pixels, ids):
        found = self.model(
            "vqa2", pixels, torch.ones(pixels[:, 0].shape, dtype=torch.bool), ids,
            torch.zeros_like(ids), torch.ones_like(ids, dtype=torch.bool))
        return (found["answers"],)


def unmasked(module, arguments, named):
    return arguments, {**named, "key_padding_mask": None}


def unit():
    from configurations import official
    from reference import UniT
    from samples import randomise

    model = UniT(official(True)).eval()
    randomise(model, 7)
    return Answers(model)


NETWORKS = {function.__name__: function for function in (detr, resnet, bert, vilt, unit)}


def inputs(case, seed=0):
    """The network's inputs of one case by the names of `unit debug forward`."""
    found = {}
    if case.picture:
        found["pixel_values"] = pictures(*case.picture, seed=seed + 1)
    if case.tokens:
        found["input_ids"] = texts(*case.tokens, seed=seed + 2)
    return found
