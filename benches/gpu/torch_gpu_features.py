"""PyTorch on a CUDA GPU, features resident: class sums by index_add, labels by one product with the means.

    torch_gpu_features.py DATA [EXACT.csv]

DATA is a folder with {train,test}_{features,labels}.npy, EXACT.csv what `ncm accuracy --predictions` wrote for it. One
JSON line for each formulation: milliseconds, the median of `$REPEATS` (default 20), and labels that differ from EXACT.csv.
"""
import csv
import json
import os
import statistics
import sys
import time

import numpy as np
import torch

REPEATS = int(os.environ.get("REPEATS", "20"))
data = sys.argv[1]
device = torch.device("cuda")
x, y, z = (torch.from_numpy(np.load(f"{data}/{name}.npy")) for name in ("train_features", "train_labels", "test_features"))
exact = None
if len(sys.argv) > 2:
    with open(sys.argv[2], newline="") as file:
        exact = np.array([int(row["predicted"]) for row in csv.DictReader(file)])
torch.cuda.synchronize()
started = time.perf_counter()
x, y, z = x.to(device), y.long().to(device), z.to(device)
torch.cuda.synchronize()
print(json.dumps(dict(name="upload", milliseconds=round((time.perf_counter() - started) * 1e3, 2))))
classes = int(y.max()) + 1
counts = torch.bincount(y, minlength=classes).clamp(min=1).float()[:, None]


def means():
    return torch.zeros(classes, x.shape[1], device=device).index_add_(0, y, x) / counts


def expanded(means):
    return ((means**2).sum(1) - 2 * (z @ means.T)).argmin(1)


def cdist(means):
    return torch.cdist(z, means).argmin(1)


def timed(work, *arguments):
    times = []
    for _ in range(REPEATS + 1):
        torch.cuda.synchronize()
        started = time.perf_counter()
        result = work(*arguments)
        torch.cuda.synchronize()
        times.append((time.perf_counter() - started) * 1e3)
    return result, round(statistics.median(times[1:]), 4)


found, milliseconds = timed(means)
print(json.dumps(dict(name="means", milliseconds=milliseconds)))
for tf32 in (False, True):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    for labels in (expanded, cdist):
        found_labels, milliseconds = timed(labels, found)
        wrong = None if exact is None else int((found_labels.cpu().numpy() != exact).sum())
        print(json.dumps(dict(name=labels.__name__, tf32=tf32, milliseconds=milliseconds, wrong=wrong)))
