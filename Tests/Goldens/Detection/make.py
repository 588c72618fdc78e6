"""Expected values for detection with reference boxes, computed in double precision with numpy.

  python3 Tests/Goldens/Detection/make.py     # needs numpy and safetensors

reference_boxes.safetensors: UniT's decoder with queries that have boxes (DETR's layers of Carion et
al., 2020; positions and refinement of the boxes as in Conditional DETR and DAB-DETR), on random
weights, normalising before and after the parts of its layers. focal.safetensors: the sigmoid focal
loss of Lin et al., 2017, and the matcher's cost of Conditional DETR.
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
WIDTH, HEADS, HIDDEN, LAYERS, QUERIES, TOKENS, BATCH = 16, 4, 24, 3, 6, 7, 2
CLASSES = 5


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def inverse_sigmoid(x, epsilon=1e-5):
    x = np.clip(x, 0, 1)
    return np.log(np.clip(x, epsilon, None) / np.clip(1 - x, epsilon, None))


def linear(p, name, x):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def mlp(p, name, x, count):
    for index in range(count):
        x = linear(p, f"{name}.layers.{index}", x)
        if index < count - 1:
            x = np.maximum(x, 0)
    return x


def norm(p, name, x):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * p[name + ".weight"] + p[name + ".bias"]


def attention(p, name, query, key, value, valid=None):
    weights = np.split(p[name + ".in_proj_weight"], 3)
    biases = np.split(p[name + ".in_proj_bias"], 3)

    def heads(x, part):
        x = x @ weights[part].T + biases[part]
        return x.reshape(*x.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)

    q, k, v = heads(query, 0), heads(key, 1), heads(value, 2)
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(WIDTH / HEADS)
    if valid is not None:
        scores = np.where(valid[:, None, None, :], scores, -np.inf)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (scores / scores.sum(-1, keepdims=True)) @ v
    mixed = mixed.transpose(0, 2, 1, 3).reshape(query.shape)
    return linear(p, name + ".out_proj", mixed)


def encoding(boxes):
    """Sines of y, x, width and height; half the width of the states for each."""
    half = WIDTH // 2
    periods = 10_000 ** (2 * (np.arange(half) // 2) / half)

    def one(column):
        angle = boxes[..., column, None] * 2 * np.pi / periods
        return np.stack([np.sin(angle[..., 0::2]), np.cos(angle[..., 1::2])], -1).reshape(
            *boxes.shape[:-1], half)

    return np.concatenate([one(column) for column in (1, 0, 2, 3)], -1)


def decode(p, memory, positions, valid, before):
    decoder = "unit_base_model.transformer.decoder"
    x = np.broadcast_to(
        p["unit_base_model.query_embeds.detection.toys.weight"], (BATCH, QUERIES, WIDTH))
    boxes = np.broadcast_to(
        sigmoid(p["unit_base_model.reference_boxes.detection.toys.weight"]), (BATCH, QUERIES, 4))
    state, outputs = None, []
    for index in range(LAYERS):
        place = f"{decoder}.layers.{index}"
        sines = encoding(boxes)
        own = mlp(p, f"{decoder}.ref_point_head", sines, 2)
        centre = sines[..., :WIDTH]
        looking = own + (
            centre if state is None else centre * mlp(p, f"{decoder}.query_scale", state, 2))

        def attend(x):
            return attention(p, place + ".self_attn", x + own, x + own, x)

        def look(x):
            return attention(
                p, place + ".multihead_attn", x + looking, memory + positions, memory, valid)

        def feed(x):
            return linear(
                p, place + ".linear2", np.maximum(linear(p, place + ".linear1", x), 0))

        if before:
            x = x + attend(norm(p, place + ".norm1", x))
            x = x + look(norm(p, place + ".norm2", x))
            x = x + feed(norm(p, place + ".norm3", x))
        else:
            x = norm(p, place + ".norm1", x + attend(x))
            x = norm(p, place + ".norm2", x + look(x))
            x = norm(p, place + ".norm3", x + feed(x))
        state = norm(p, decoder + ".norm", x)
        boxes = sigmoid(mlp(p, "bbox_embeds.toys", state, 3) + inverse_sigmoid(boxes))
        outputs.append((state, boxes, linear(p, "class_embeds.toys", state)))
    return outputs


def parameters(random):
    p = {}

    def matrix(name, rows, columns):
        p[name] = random.normal(size=(rows, columns)) / np.sqrt(columns)

    def layer(name, inputs, outputs):
        matrix(name + ".weight", outputs, inputs)
        p[name + ".bias"] = random.normal(size=outputs) * 0.1

    decoder = "unit_base_model.transformer.decoder"
    for index in range(LAYERS):
        place = f"{decoder}.layers.{index}"
        for part in ("self_attn", "multihead_attn"):
            matrix(f"{place}.{part}.in_proj_weight", 3 * WIDTH, WIDTH)
            p[f"{place}.{part}.in_proj_bias"] = random.normal(size=3 * WIDTH) * 0.1
            layer(f"{place}.{part}.out_proj", WIDTH, WIDTH)
        layer(place + ".linear1", WIDTH, HIDDEN)
        layer(place + ".linear2", HIDDEN, WIDTH)
        for name in ("norm1", "norm2", "norm3"):
            p[f"{place}.{name}.weight"] = 1 + random.normal(size=WIDTH) * 0.1
            p[f"{place}.{name}.bias"] = random.normal(size=WIDTH) * 0.1
    p[decoder + ".norm.weight"] = 1 + random.normal(size=WIDTH) * 0.1
    p[decoder + ".norm.bias"] = random.normal(size=WIDTH) * 0.1
    layer(decoder + ".ref_point_head.layers.0", 2 * WIDTH, WIDTH)
    layer(decoder + ".ref_point_head.layers.1", WIDTH, WIDTH)
    layer(decoder + ".query_scale.layers.0", WIDTH, WIDTH)
    layer(decoder + ".query_scale.layers.1", WIDTH, WIDTH)
    p["unit_base_model.query_embeds.detection.toys.weight"] = random.normal(size=(QUERIES, WIDTH))
    p["unit_base_model.reference_boxes.detection.toys.weight"] = random.normal(size=(QUERIES, 4))
    layer("bbox_embeds.toys.layers.0", WIDTH, WIDTH)
    layer("bbox_embeds.toys.layers.1", WIDTH, WIDTH)
    layer("bbox_embeds.toys.layers.2", WIDTH, 4)
    layer("class_embeds.toys", WIDTH, CLASSES)
    return p


def focal(random):
    logits = random.normal(size=(4, 6)) * 3
    logits[0, :3] = 100, -100, 0
    ones = np.array([0, 1, 8, 17, 22])
    target = np.zeros(24)
    target[ones] = 1
    x, alpha, gamma = logits.reshape(-1), 0.25, 2

    def losses(x):
        log_p, log_q = -np.logaddexp(0, -x), -np.logaddexp(0, x)
        positive = -alpha * np.exp(log_q * gamma) * log_p
        negative = -(1 - alpha) * np.exp(log_p * gamma) * log_q
        return np.where(target == 1, positive, negative)

    step = 1e-5
    slope = (losses(x + step) - losses(x - step)) / (2 * step)
    p = sigmoid(np.clip(logits, -30, 30))
    costs = alpha * (1 - p) ** gamma * -np.log(p + 1e-8) - (
        (1 - alpha) * p ** gamma * -np.log(1 - p + 1e-8))
    return {
        "logits": logits, "ones": ones.astype(np.int64), "loss": losses(x).sum().reshape(1),
        "gradient": slope.reshape(logits.shape), "costs": costs[1:],
    }


def saved(tensors, name):
    save_file(
        {
            key: value if value.dtype in (np.int64, np.bool_) else value.astype(np.float32)
            for key, value in ((k, np.ascontiguousarray(v)) for k, v in tensors.items())
        }, HERE / name)


def main():
    random = np.random.default_rng(20_261_201)
    p = {name: value.astype(np.float32).astype(float) for name, value in parameters(random).items()}
    memory = random.normal(size=(BATCH, TOKENS, WIDTH)).astype(np.float32).astype(float)
    positions = random.normal(size=(BATCH, TOKENS, WIDTH)).astype(np.float32).astype(float)
    valid = np.ones((BATCH, TOKENS), dtype=bool)
    valid[1, 5:] = False
    tensors = {"parameters/" + name: value for name, value in p.items()}
    tensors |= {"memory": memory, "positions": positions, "valid": valid.astype(np.int64)}
    for name, before in (("before", True), ("after", False)):
        for index, (state, boxes, logits) in enumerate(
                decode(p, memory, positions, valid, before)):
            tensors[f"{name}/states.{index}"] = state
            tensors[f"{name}/boxes.{index}"] = boxes
            tensors[f"{name}/logits.{index}"] = logits
    saved(tensors, "reference_boxes.safetensors")
    saved(focal(random), "focal.safetensors")


if __name__ == "__main__":
    main()
