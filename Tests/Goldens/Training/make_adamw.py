"""Makes adamw.safetensors: ten steps of torch.optim.AdamW with two parameter groups, clipping and
a parameter that takes part in every other step only. Ran with torch 2.13.0 (CPU)."""
import torch
from safetensors.torch import save_file

torch.manual_seed(7)
weight = torch.nn.Parameter(torch.randn(37, 11))
bias = torch.nn.Parameter(torch.randn(11))
sometimes = torch.nn.Parameter(torch.randn(5, 3))
parameters = {"weight": weight, "bias": bias, "sometimes": sometimes}
optimizer = torch.optim.AdamW(
    [
        {"params": [weight, sometimes], "lr": 3e-2, "weight_decay": 1e-2},
        {"params": [bias], "lr": 1e-3, "weight_decay": 0.0},
    ],
    betas=(0.9, 0.98), eps=1e-8)

out = {f"start.{name}": p.detach().clone() for name, p in parameters.items()}
norms = []
for step in range(10):
    for name, p in parameters.items():
        takes_part = name != "sometimes" or step % 2 == 1
        p.grad = torch.randn_like(p) * (0.02 if step < 3 else 1.0) if takes_part else None
        if takes_part:
            out[f"gradient.{step}.{name}"] = p.grad.clone()
    norms.append(torch.nn.utils.clip_grad_norm_(list(parameters.values()), 2.5))
    optimizer.step()
    for name, p in parameters.items():
        out[f"value.{step}.{name}"] = p.detach().clone()
out["norms"] = torch.stack(norms)
save_file(out, "adamw.safetensors")
