"""BERT with random weights, read by transformers' BertModel: two texts in one padded batch.

    python make_bert.py

torch 2.13.0+cpu, transformers 4.57.6, safetensors 0.8.0. Writes bert.safetensors.
"""

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

torch.manual_seed(20181011)
config = BertConfig(
    vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
    intermediate_size=48, max_position_embeddings=16, type_vocab_size=2, layer_norm_eps=1e-7)
model = BertModel(config).eval()
for name, tensor in model.state_dict().items():
    if tensor.is_floating_point():
        tensor.normal_(0, 0.3)
        if "LayerNorm.weight" in name:
            tensor.add_(1)

ids = torch.randint(5, 40, (3, 9))
mask = torch.ones_like(ids)
types = torch.zeros_like(ids)
mask[1, 6:], mask[2, 3:] = 0, 0
types[0, 5:], types[1, 2:6] = 1, 1
ids[mask == 0] = 0
with torch.no_grad():
    output = model(input_ids=ids, attention_mask=mask, token_type_ids=types)
weights = mask[..., None].float()
mean = (output.last_hidden_state * weights).sum(1) / weights.sum(1)
tensors = {f"parameters/{name}": tensor.clone() for name, tensor in model.state_dict().items()}
tensors |= {
    "ids": ids, "mask": mask, "types": types, "last_hidden_state": output.last_hidden_state,
    "pooler_output": output.pooler_output,
    "embedding": torch.nn.functional.normalize(mean, dim=-1),
}
save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, "bert.safetensors")
