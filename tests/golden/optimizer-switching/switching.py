"""A training whose optimizer, rate and arguments change again and again, by torch.optim in float64.

    python3 switching.py > ../../cpp/nn/optimizer_switching_golden.h

The loss is p' A p / 2 - b' p for three numbers p. Each phase makes a new optimizer or changes the arguments of the one
before, as one does in PyTorch: `group["lr"] = ...`. Printed is p after each phase. Written with PyTorch 1.13.0.
"""

import torch

A = torch.tensor([[2.0, 0.5, -0.25], [0.5, 1.0, 0.125], [-0.25, 0.125, 3.0]], dtype=torch.float64)
B = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
O = torch.optim

# (class for a new optimizer or None to change the one before, its arguments, updates)
PHASES = [
    (O.SGD, dict(lr=0.1, momentum=0.9), 3),
    (None, dict(lr=0.02), 2),
    (None, dict(nesterov=True), 2),
    (O.Adam, dict(lr=0.05), 3),
    (None, dict(lr=0.01, betas=(0.8, 0.95)), 2),
    (None, dict(weight_decay=0.1, eps=1e-4), 2),
    (O.AdamW, dict(lr=0.03), 2),
    (O.RMSprop, dict(lr=0.01), 2),
    (None, dict(lr=0.002, alpha=0.9), 2),
    (O.Adagrad, dict(lr=0.05), 3),
    (O.SGD, dict(lr=0.04), 2),
    (None, dict(momentum=0.5), 3),
    (None, dict(momentum=0.0, weight_decay=0.01), 2),
    (None, dict(momentum=0.9), 2),
]

p = torch.tensor([0.75, -0.5, 1.25], dtype=torch.float64, requires_grad=True)
rows = []
for kind, arguments, updates in PHASES:
    if kind is not None:
        optimizer = kind([p], **arguments)
    else:
        optimizer.param_groups[0].update(arguments)
    for _ in range(updates):
        optimizer.zero_grad()
        (p @ A @ p / 2 - B @ p).backward()
        optimizer.step()
    rows.append(p.tolist())

print("#pragma once\n")
print("namespace unroll::testing {\n")
print("/// Three numbers after each phase: written by tests/golden/optimizer-switching/switching.py, PyTorch "
      + torch.__version__.split("a")[0] + ", float64.")
print(f"inline constexpr double kSwitchingGolden[{len(rows)}][3] = {{")
for row in rows:
    print("    {" + ", ".join(repr(x) for x in row) + "},")
print("};\n")
print("}  // namespace unroll::testing")
