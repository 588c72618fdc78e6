"""Makes the UniT goldens: `python make.py` writes them beside this file.

    python make.py                 write every case, after the self-checks
    python make.py --check LIST..  compare the official sizes' parameter names and shapes with lists
                                   of "name<TAB>(shape)" lines (a list whose names contain
                                   `transformer.decoder.` is the shared layout) and count parameters

Made with Python 3.11, torch 2.13.0+cpu, scipy 1.17.1, safetensors 0.8.0, numpy 2.4.6; the BERT
self-check used transformers 4.57.6. Compared once and found equal: the ResNets with torchvision
0.29.2 (resnet18, resnet50, resnet50 with DC5), matching and box losses with transformers' DETR.
Weights and inputs are float32; all arithmetic is double and is rounded once when stored, so a
difference is the tested program's own float32 error.

Cases, each `<case>.json` + `<case>.parameters.safetensors` + `<case>.outputs.safetensors`
    shared    bottleneck ResNet, one shared decoder (width 36, encoder 32, text 40), task tokens on
    separate  bottleneck ResNet with DC5, one decoder per task, task tokens on, all text tokens
              for glue_sst2 (elsewhere it reads [CLS] only)
    plain     shared decoder, task tokens off, all text tokens for every task
    basic     basic-block ResNet, encoder and decoder width 32 (so no projections), task tokens on
`shared` and `separate` also have `<case>.gradients.safetensors`.

<case>.json: the network (`UniT(config)` in reference.py reads the same dictionary).
    backbone: block, stem, widths (of a block's inner convolution), layers, dc5
    tasks: name, type (detection | vl | glue), index (row of the task-token tables), queries, then
      detection: classes (without no-object), attributes (classes, embedding, hidden) or null
      vl, glue: labels, clsOnly, loss (binary | categorical)
    losses: weights of class, l1, giou, attribute; noObjectWeight; matching: weights of the costs

inputs.safetensors, the same for every case (sizes in brackets; b = 2 pictures or texts)
    pixels [b,3,96,80], pixelMask [b,96,80] uint8, 1 = picture: picture 0 fills the batch, picture 1
      is 64 high and 48 wide, zero padded right and below
    <vl or glue task>.ids, .types, .mask [b,t]: token ids, segments, 1 = token (text 1 is padded)
    <detection task>.targets.<picture>.labels [n], .boxes [n,4] (center x, center y, width, height),
      .attributes [n,16] (-1 = none). `detection_coco` has no box at all in picture 1.
    <vl or glue task>.targets: [b,labels] soft scores (binary) or [b] class indices (categorical)

<case>.parameters.safetensors: every parameter and buffer under its MMF name, an alias once (the
    shared decoder as unit_base_model.transformer.decoder.*, BERT's embeddings as
    bert_model.module.embeddings.*)

<case>.outputs.safetensors, every name preceded by `<task>.` (d = encoder width, D = decoder width,
c = channels, h x w = feature map, n = h * w, L = decoder layers, q = queries)
    image.features [b,c,h,w]     backbone output
    image.mask [b,n]             valid cells
    image.positions [b,n,d]      sine positions
    image.projected [b,n,d]      input_proj of the features
    image.encoded [b,n,d]        encoder output, task token stripped
    image.memory [b,n,D]         projected + encoded, through enc2dec_proj where there is one
    image.memoryPositions [b,n,D]
    text.embeddings [b,t,...]    after BERT's embedding norm, without the task token
    text.states [b,t,...]        BERT's last states, task token stripped
    text.memory [b,t or 1,D], text.memoryPositions: what the decoder reads,
                                 after the CLS-only switch
    decoder.states [L,b,q,D]     every layer through the final norm
    logits [L,b,q,classes+1], boxes [L,b,q,4] (after the sigmoid): every layer
    attributes [b,q,attribute classes]: last layer, label = arg-max foreground class
    answers [b,labels]
    matches.<layer>.<picture>.queries, .objects [n]: the assignment, layer 0 ..< L
    loss.<name> []               unweighted terms; detection: loss_ce, loss_bbox, loss_giou and
                                 loss_attr of the last layer, the same ending in _0, _1 .. for the
                                 earlier layers; answers: loss_0 (binary: mean times labels)
    total []                     weighted sum
  Padded text positions hold what the network computes there; nothing may depend on them.

<case>.gradients.safetensors: `<task>.<parameter>`, the gradient of that task's total for one
    detection + attribute, one picture + text and one text-only task. A parameter that took no part
    has no entry. The stem and layer1 are included, although the released recipe freezes them.
    Some gradients are zero by mathematics and hold only rounding: the keys' biases
    (`*.attention.self.key.bias`, the middle third of `in_proj_bias`, a picture-only
    `pos_embed_proj.bias`), the first decoder layer's `self_attn.in_proj_weight` (its values are
    zeros), and, where the decoder reads [CLS] alone, everything that only moves attention: that
    task's queries, the positions' projection, the cross-attention's query and key rows. Compare a
    tensor's largest difference with its largest entry plus a small absolute term.

Everything of a padded picture depends on the batch's size (convolutions see the padding's frozen
batch-norm shift), as in the original; of an unpadded picture nothing does.
"""

import argparse
import os

import torch

from checks import check_batching, check_bert, check_matching, check_names
from configurations import CASES, SEEDS
from running import case, spread, store, store_json
from samples import make_inputs

HERE = os.path.dirname(os.path.abspath(__file__))
GRADIENT_TASKS = ("detection_visual_genome", "vqa2", "glue_sst2")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", nargs="+", metavar="LIST")
    arguments = parser.parse_args()
    if arguments.check:
        return check_names(arguments.check)
    torch.set_num_threads(1)
    print(f"BERT against transformers: {check_bert()}")
    inputs = make_inputs(CASES["shared"], seed=100)
    size = store(inputs, HERE, "inputs.safetensors")
    print(f"inputs: {size:,} bytes")
    for name, config in CASES.items():
        steps = GRADIENT_TASKS if name in ("shared", "separate") else ()
        seed = SEEDS[name]
        exact = case(config, inputs, seed, torch.float64, steps)
        rough = case(config, inputs, seed, torch.float32, steps)
        check_matching(config, exact[1], inputs)
        batching = check_batching(config, inputs, seed)
        store_json(config, HERE, f"{name}.json")
        sizes = [
            store(tensors, HERE, f"{name}.{part}.safetensors")
            for part, tensors in zip(("parameters", "outputs", "gradients"), exact)
            if tensors
        ]
        print(
            f"{name}: {sizes} bytes; batch against single {batching:.1e}; float32 spread of "
            f"outputs {spread(exact[1], rough[1])}"
            + (f", of gradients {spread(exact[2], rough[2])}" if steps else "")
        )
        for task in config["tasks"]:
            total = exact[1][f"{task['name']}.total"].item()
            print(f"  {task['name']}: total {total:.6f}")


if __name__ == "__main__":
    main()
