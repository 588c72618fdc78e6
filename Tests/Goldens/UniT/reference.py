"""UniT (arXiv 2102.10772) as a PyTorch network, assembled from the facts of the released model.

It exists to make goldens: small, plain, and equal in every number and every parameter name to the
released layout. Sequences are [batch, tokens, width]; masks are bool with True = valid. There is no
dropout anywhere. A network is described by the same dictionary that is stored as a case's JSON
(see `make.py`).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


# Image backbone: ResNet v1.5 with torchvision's names


class FrozenBatchNorm(nn.Module):
    """y = x * scale + shift from fixed statistics, epsilon 1e-5; all four vectors are buffers."""

    def __init__(self, channels):
        super().__init__()
        self.register_buffer("weight", torch.ones(channels))
        self.register_buffer("bias", torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        scale = self.weight * (self.running_var + 1e-5).rsqrt()
        shift = self.bias - self.running_mean * scale
        return x * scale[:, None, None] + shift[:, None, None]


def convolution(inputs, outputs, kernel, stride=1, dilation=1):
    padding = dilation * (kernel // 2)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)


def shortcut(inputs, outputs, stride):
    """The projection of a block's input; only where the shape changes."""
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(convolution(inputs, outputs, 1, stride), FrozenBatchNorm(outputs))


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs, width, stride, dilation):
        super().__init__()
        assert dilation == 1, "torchvision has no dilated basic block"
        self.conv1 = convolution(inputs, width, 3, stride)
        self.bn1 = FrozenBatchNorm(width)
        self.conv2 = convolution(width, width, 3)
        self.bn2 = FrozenBatchNorm(width)
        self.downsample = shortcut(inputs, width, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1; the stride (and the dilation) sit on the 3x3."""

    expansion = 4

    def __init__(self, inputs, width, stride, dilation):
        super().__init__()
        outputs = width * self.expansion
        self.conv1 = convolution(inputs, width, 1)
        self.bn1 = FrozenBatchNorm(width)
        self.conv2 = convolution(width, width, 3, stride, dilation)
        self.bn2 = FrozenBatchNorm(width)
        self.conv3 = convolution(width, outputs, 1)
        self.bn3 = FrozenBatchNorm(outputs)
        self.downsample = shortcut(inputs, outputs, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """Stem and four stages. With `dc5` the last stage keeps the resolution: its first block has
    stride 1 and dilation 1, every later block dilation 2."""

    def __init__(self, block, stem, widths, layers, dc5):
        super().__init__()
        kind = {"basic": BasicBlock, "bottleneck": Bottleneck}[block]
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = FrozenBatchNorm(stem)
        channels = stem
        for stage, (width, count) in enumerate(zip(widths, layers), start=1):
            dilated = dc5 and stage == 4
            blocks = []
            for index in range(count):
                stride = 2 if index == 0 and stage > 1 and not dilated else 1
                dilation = 2 if dilated and index > 0 else 1
                blocks.append(kind(channels, width, stride, dilation))
                channels = width * kind.expansion
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.channels = channels

    def forward(self, pixels):
        x = F.relu(self.bn1(self.conv1(pixels)))
        x = F.max_pool2d(x, kernel_size=3, stride=2, padding=1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class Backbone(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.body = ResNet(**settings)


def shrink_mask(mask, height, width):
    """Nearest-neighbour reduction of a [batch, H, W] pixel mask to the features' size."""
    small = F.interpolate(mask[:, None].float(), size=(height, width), mode="nearest")
    return small[:, 0].bool()


def sine_positions(mask, width, dtype):
    """[batch, h, w] mask -> [batch, width, h, w]: y channels then x channels, sin and cos
    interleaved, coordinates counted over valid cells only and scaled to 2 pi."""
    valid = mask.to(dtype)
    rows, columns = valid.cumsum(1), valid.cumsum(2)
    rows = rows / (rows[:, -1:, :] + 1e-6) * 2 * math.pi
    columns = columns / (columns[:, :, -1:] + 1e-6) * 2 * math.pi
    half = width // 2
    channel = torch.arange(half)
    period = 10000.0 ** (2 * (channel // 2).to(dtype) / half)
    halves = []
    for coordinate in (rows, columns):
        angle = coordinate[..., None] / period
        halves.append(torch.where(channel % 2 == 0, angle.sin(), angle.cos()))
    return torch.cat(halves, dim=-1).permute(0, 3, 1, 2)


# Transformer: post-norm, ReLU


def attention(width, heads):
    return nn.MultiheadAttention(width, heads, batch_first=True)


class EncoderLayer(nn.Module):
    def __init__(self, width, heads, feed_forward):
        super().__init__()
        self.self_attn = attention(width, heads)
        self.linear1 = nn.Linear(width, feed_forward)
        self.linear2 = nn.Linear(feed_forward, width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)

    def forward(self, x, positions, mask):
        placed = x + positions
        y, _ = self.self_attn(placed, placed, x, key_padding_mask=~mask, need_weights=False)
        x = self.norm1(x + y)
        return self.norm2(x + self.linear2(F.relu(self.linear1(x))))


class Encoder(nn.Module):
    """No normalisation after the last layer."""

    def __init__(self, width, heads, layers, feed_forward):
        super().__init__()
        self.layers = nn.ModuleList(
            EncoderLayer(width, heads, feed_forward) for _ in range(layers)
        )

    def forward(self, x, positions, mask):
        for layer in self.layers:
            x = layer(x, positions, mask)
        return x


class DecoderLayer(nn.Module):
    def __init__(self, width, heads, feed_forward):
        super().__init__()
        self.self_attn = attention(width, heads)
        self.multihead_attn = attention(width, heads)
        self.linear1 = nn.Linear(width, feed_forward)
        self.linear2 = nn.Linear(feed_forward, width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.norm3 = nn.LayerNorm(width)

    def forward(self, x, queries, memory, positions, mask):
        placed = x + queries
        y, _ = self.self_attn(placed, placed, x, need_weights=False)
        x = self.norm1(x + y)
        y, _ = self.multihead_attn(
            x + queries, memory + positions, memory, key_padding_mask=~mask, need_weights=False
        )
        x = self.norm2(x + y)
        return self.norm3(x + self.linear2(F.relu(self.linear1(x))))


class Decoder(nn.Module):
    """Starts from zeros; returns every layer's output, each through the one final norm."""

    def __init__(self, width, heads, layers, feed_forward):
        super().__init__()
        self.layers = nn.ModuleList(
            DecoderLayer(width, heads, feed_forward) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, queries, memory, positions, mask):
        queries = queries.expand(memory.shape[0], -1, -1)
        x = torch.zeros_like(queries)
        states = []
        for layer in self.layers:
            x = layer(x, queries, memory, positions, mask)
            states.append(self.norm(x))
        return torch.stack(states)


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        image, decoder, tokens = config["imageEncoder"], config["decoder"], config["taskTokens"]
        self.residual = image["residual"]
        self.encoder = Encoder(
            image["width"], image["heads"], image["layers"], image["feedForward"]
        )
        # Only where the widths differ; otherwise nothing stands between encoder and decoder.
        if image["width"] != decoder["width"]:
            self.enc2dec_proj = nn.Linear(image["width"], decoder["width"])
            self.pos_embed_proj = nn.Linear(image["width"], decoder["width"])
        else:
            self.enc2dec_proj = nn.Identity()
            self.pos_embed_proj = nn.Identity()

        def fresh():
            return Decoder(
                decoder["width"], decoder["heads"], decoder["layers"], decoder["feedForward"]
            )

        if decoder["shared"]:
            self.decoder = fresh()
        self.decoders = nn.ModuleDict()
        for task in config["tasks"]:
            if task["type"] not in self.decoders:
                self.decoders[task["type"]] = nn.ModuleDict()
            self.decoders[task["type"]][task["name"]] = (
                self.decoder if decoder["shared"] else fresh()
            )
        self.task_embeddings_enc = (
            nn.Embedding(tokens["rows"], image["width"]) if tokens["image"] else None
        )

    def encode(self, x, positions, mask, task):
        """Image tokens [batch, n, width] -> (encoder output, memory, memory positions)."""
        source, sequence, places, valid = x, x, positions, mask
        if self.task_embeddings_enc is not None:
            token = self.task_embeddings_enc.weight[task["index"]].expand(x.shape[0], 1, -1)
            sequence = torch.cat([token, x], dim=1)
            places = torch.cat([torch.zeros_like(token), positions], dim=1)
            valid = torch.cat([torch.ones_like(mask[:, :1]), mask], dim=1)
        encoded = self.encoder(sequence, places, valid)
        if self.task_embeddings_enc is not None:
            encoded = encoded[:, 1:]
        memory = source + encoded if self.residual else encoded
        return encoded, self.enc2dec_proj(memory), self.pos_embed_proj(positions)


class BaseModel(nn.Module):
    """What MMF calls the base model: backbone, Transformer, queries, input projection."""

    def __init__(self, config):
        super().__init__()
        self.backbone = nn.ModuleList([Backbone(config["backbone"])])
        self.transformer = Transformer(config)
        width = config["decoder"]["width"]
        self.query_embeds = nn.ModuleDict()
        for task in config["tasks"]:
            if task["type"] not in self.query_embeds:
                self.query_embeds[task["type"]] = nn.ModuleDict()
            self.query_embeds[task["type"]][task["name"]] = nn.Embedding(task["queries"], width)
        self.input_proj = nn.Conv2d(
            self.backbone[0].body.channels, config["imageEncoder"]["width"], kernel_size=1
        )


# Text encoder: BERT


class TextEmbeddings(nn.Module):
    def __init__(self, settings):
        super().__init__()
        width = settings["width"]
        self.word_embeddings = nn.Embedding(settings["vocabulary"], width)
        self.position_embeddings = nn.Embedding(settings["positions"], width)
        self.token_type_embeddings = nn.Embedding(settings["types"], width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids, types):
        positions = self.position_embeddings.weight[: ids.shape[1]]
        words = self.word_embeddings(ids) + self.token_type_embeddings(types)
        return self.LayerNorm(words + positions)


class TextSelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def forward(self, x, mask):
        batch, length, width = x.shape

        def split(y):
            return y.view(batch, length, self.heads, -1).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)
        scores = scores.masked_fill(~mask[:, None, None, :], -math.inf)
        return (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)


class AddAndNorm(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.dense = nn.Linear(inputs, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, residual):
        return self.LayerNorm(self.dense(x) + residual)


class TextAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self = TextSelfAttention(width, heads)
        self.output = AddAndNorm(width, width)


class Dense(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.dense = nn.Linear(inputs, outputs)


class TextLayer(nn.Module):
    def __init__(self, settings):
        super().__init__()
        width = settings["width"]
        self.attention = TextAttention(width, settings["heads"])
        self.intermediate = Dense(width, settings["feedForward"])
        self.output = AddAndNorm(settings["feedForward"], width)

    def forward(self, x, mask):
        x = self.attention.output(self.attention.self(x, mask), x)
        return self.output(F.gelu(self.intermediate.dense(x)), x)


class TextLayers(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.layer = nn.ModuleList(TextLayer(settings) for _ in range(settings["layers"]))


class Bert(nn.Module):
    """The pooler is in the checkpoint and in nothing else."""

    def __init__(self, settings):
        super().__init__()
        self.embeddings = TextEmbeddings(settings)
        self.encoder = TextLayers(settings)
        self.pooler = Dense(settings["width"], settings["width"])

    def forward(self, ids, types, mask, token=None):
        """Returns (embeddings after their norm, last states), both without the task token."""
        embedded = self.embeddings(ids, types)
        x = embedded
        if token is not None:
            x = torch.cat([token.expand(ids.shape[0], 1, -1), x], dim=1)
            mask = torch.cat([torch.ones_like(mask[:, :1]), mask], dim=1)
        for layer in self.encoder.layer:
            x = layer(x, mask)
        return embedded, x if token is None else x[:, 1:]


class TextEncoder(nn.Module):
    """Registers the embeddings under a second name, as the released checkpoints do."""

    def __init__(self, settings):
        super().__init__()
        self.module = Bert(settings)
        self.embeddings = self.module.embeddings


# Heads


class BoxHead(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)]
        )

    def forward(self, x):
        x = F.relu(self.layers[0](x))
        return self.layers[2](F.relu(self.layers[1](x)))


class AttributeHead(nn.Module):
    """Label embedding beside the hidden state, two layers with nothing between, ReLU on the
    logits. `labels` are object classes, or the no-object index."""

    def __init__(self, width, classes, settings):
        super().__init__()
        self.cls_embed = nn.Embedding(classes + 1, settings["embedding"])
        self.attr_linear1 = nn.Linear(width + settings["embedding"], settings["hidden"])
        self.attr_linear2 = nn.Linear(settings["hidden"], settings["classes"])

    def forward(self, states, labels):
        x = torch.cat([states, self.cls_embed(labels)], dim=-1)
        return F.relu(self.attr_linear2(self.attr_linear1(x)))


class DetectionLoss(nn.Module):
    """Holder of what the released layout keeps beside the loss."""

    def __init__(self, width, task, no_object_weight):
        super().__init__()
        weights = torch.ones(task["classes"] + 1)
        weights[-1] = no_object_weight
        self.register_buffer("empty_weight", weights)
        if task.get("attributes"):
            self.attribute_head = AttributeHead(width, task["classes"], task["attributes"])
        else:
            self.attribute_head = None


class AnswerTransform(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x):
        return self.LayerNorm(F.gelu(self.dense(x)))


# The whole


class UniT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.tasks = {task["name"]: task for task in config["tasks"]}
        width, text = config["decoder"]["width"], config["text"]
        self.unit_base_model = BaseModel(config)
        self.bert_model = TextEncoder(text)
        self.bert_projection = nn.Linear(text["width"], width)
        self.bert_pos_projection = nn.Linear(text["width"], width)
        self.task_embeddings_lang = (
            nn.Embedding(config["taskTokens"]["rows"], text["width"])
            if config["taskTokens"]["text"]
            else None
        )
        self.class_embeds = nn.ModuleDict()
        self.bbox_embeds = nn.ModuleDict()
        self.det_losses = nn.ModuleDict()
        self.classifiers = nn.ModuleDict()
        for task in config["tasks"]:
            name, kind = task["name"], task["type"]
            if kind == "detection":
                self.class_embeds[name] = nn.Linear(width, task["classes"] + 1)
                self.bbox_embeds[name] = BoxHead(width)
                self.det_losses[name] = DetectionLoss(
                    width, task, config["losses"]["noObjectWeight"]
                )
            else:
                if kind not in self.classifiers:
                    self.classifiers[kind] = nn.ModuleDict()
                self.classifiers[kind][name] = nn.Sequential(
                    AnswerTransform(width), nn.Linear(width, task["labels"])
                )

    def see(self, task, pixels, mask):
        """Picture -> named states, memory, positions and mask for the decoder."""
        base = self.unit_base_model
        features = base.backbone[0].body(pixels)
        small = shrink_mask(mask, *features.shape[-2:])
        positions = sine_positions(small, self.config["imageEncoder"]["width"], pixels.dtype)
        positions = positions.flatten(2).transpose(1, 2)
        projected = base.input_proj(features).flatten(2).transpose(1, 2)
        valid = small.flatten(1)
        encoded, memory, places = base.transformer.encode(projected, positions, valid, task)
        named = {
            "image.features": features,
            "image.mask": valid,
            "image.positions": positions,
            "image.projected": projected,
            "image.encoded": encoded,
            "image.memory": memory,
            "image.memoryPositions": places,
        }
        return named, memory, places, valid

    def read(self, task, ids, types, mask):
        """Text -> the same for the text."""
        token = None
        if self.task_embeddings_lang is not None:
            token = self.task_embeddings_lang.weight[task["index"]]
        bert = self.bert_model.module
        embedded, states = bert(ids, types, mask, token)
        memory = self.bert_projection(states)
        rows = bert.embeddings.position_embeddings.weight[: ids.shape[1]]
        places = self.bert_pos_projection(rows).expand(ids.shape[0], -1, -1)
        if task["clsOnly"]:
            memory, places, mask = memory[:, :1], places[:, :1], mask[:, :1]
        named = {
            "text.embeddings": embedded,
            "text.states": states,
            "text.memory": memory,
            "text.memoryPositions": places,
        }
        return named, memory, places, mask

    def forward(self, name, pixels=None, pixel_mask=None, ids=None, types=None, text_mask=None):
        """All named results of one task on one batch (names as in `make.py`)."""
        task, outputs, parts = self.tasks[name], {}, []
        if task["type"] in ("detection", "vl"):
            named, *part = self.see(task, pixels, pixel_mask)
            outputs.update(named)
            parts.append(part)
        if task["type"] in ("vl", "glue"):
            named, *part = self.read(task, ids, types, text_mask)
            outputs.update(named)
            parts.append(part)
        memory, places, mask = (torch.cat(part, dim=1) for part in zip(*parts))

        base = self.unit_base_model
        decoder = base.transformer.decoders[task["type"]][name]
        queries = base.query_embeds[task["type"]][name].weight
        states = decoder(queries, memory, places, mask)
        outputs["decoder.states"] = states

        if task["type"] == "detection":
            outputs["logits"] = self.class_embeds[name](states)
            outputs["boxes"] = self.bbox_embeds[name](states).sigmoid()
            head = self.det_losses[name].attribute_head
            if head is not None:
                foreground = outputs["logits"][-1, ..., :-1].argmax(-1)
                outputs["attributes"] = head(states[-1], foreground)
        else:
            # The first query, counted from the end of the queries.
            first = states[-1][:, -task["queries"]]
            outputs["answers"] = self.classifiers[task["type"]][name](first)
        return outputs
