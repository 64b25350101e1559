"""The notebook's loop in PyTorch, float64, one thread; the protocol is described in child.js."""
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

words = sys.stdin.readline().split()
optimizer_name, (m, n, k), (lr, momentum, weight_decay, penalty) = words[0], map(int, words[1:4]), map(float, words[4:])
M = torch.tensor([float(x) for x in sys.stdin.readline().split()]).reshape(m, n)
start = torch.tensor([float(x) for x in sys.stdin.readline().split()])
identity = torch.eye(k)
mse = torch.nn.functional.mse_loss


def restart():
    parts = start.clone().split([m * k, k, n * k])
    U, d, V = [part.reshape(shape).requires_grad_() for part, shape in zip(parts, [(m, k), (k,), (n, k)])]
    if optimizer_name == "sgd":
        return (U, d, V), torch.optim.SGD([U, d, V], lr=lr, momentum=momentum)
    return (U, d, V), torch.optim.Adam([U, d, V], lr=lr, weight_decay=weight_decay)


def run(count):
    U, d, V = parameters
    losses = []
    for _ in range(count):
        optimizer.zero_grad()
        loss = mse((U * d**2) @ V.T, M) + mse(U.T @ U, identity) * penalty + mse(V.T @ V, identity) * penalty
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


parameters, optimizer = restart()
with open("/proc/self/maps") as maps:
    blas = "OpenBLAS" if "openblas" in maps.read() else "reference BLAS"
print(f"torch {torch.__version__} ({blas})", flush=True)
for line in sys.stdin:
    command = line.split()
    if command[0] == "restart":
        parameters, optimizer = restart()
        print("ok", flush=True)
    elif command[0] == "run":
        begun = time.perf_counter()
        losses = run(int(command[1]))
        print(time.perf_counter() - begun, repr(losses[-1]), flush=True)
    elif command[0] == "state":
        print(*[repr(x) for part in parameters for x in part.detach().flatten().tolist()], flush=True)
