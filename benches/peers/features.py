#!/usr/bin/env python3
"""Runs other programs that classify features by their class means and ncm in turn, in one run: times, and wrong labels.

    benches/peers/features.py DATA PEER.py...        e.g. features.py features peers/features_*.py

DATA is a folder with train_features.npy, train_labels.npy, test_features.npy and test_labels.npy. Each peer is a Python
program that takes DATA as its argument and prints one JSON line with `name` and `compute_ms` (class means and labels
from features in memory, the median of its own runs); with `LABELS=FILE.npy` it writes its labels, with `REPEATS=0` it
does the work once, so that the whole process can be timed. `$NCM`, `$ROUNDS` and `$PYTHON` are as for `run.py`.

A label is wrong where it is not the one that exact arithmetic gives, which `ncm accuracy --predictions` computes for
every sample, among all classes; the run fails where the fast path of ncm differs from it.
"""
import csv
import json
import os
import re
import statistics
import sys
import tempfile

from run import NCM, PYTHON, ROUNDS, run


def exact_labels(data, folder):
    path = os.path.join(folder, "exact.csv")
    run([NCM, "accuracy", "--backend", "cpu", "--data", data, "--predictions", path])
    with open(path, newline="") as file:
        return [int(row["predicted"]) for row in csv.DictReader(file)]


def ncm(data):
    timed = json.loads(run([NCM, "bench", "--backend", "cpu", "--json", "--data", data])[0])["results"]
    stages = {result["stage"]: result["median_ms"] for result in timed if result["backend"] == "cpu"}
    accuracy = [NCM, "accuracy", "--backend", "cpu", "--data", data]
    found = json.loads(run([*accuracy, "--json"])[0])
    wall = run(accuracy)[1]
    return {"name": "ncm", "compute_ms": stages["evaluate"], "wall_ms": wall, "settled": found["settled"], "wrong": 0}


def read_npy(path):
    """Whole numbers in a row, as numpy.save writes them, without needing numpy here."""
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[8:10], "little")
    order, kind, size = re.search(rb"'descr': '([<|])([iu])(\d)'", content[10:10 + length]).groups()
    size, body = int(size), content[10 + length:]
    return [int.from_bytes(body[at:at + size], "little", signed=kind == b"i") for at in range(0, len(body), size)]


def peer(data, program, exact, folder):
    labels = os.path.join(folder, "labels.npy")
    found = json.loads(run([PYTHON, program, data], LABELS=labels)[0].splitlines()[-1])
    wrong = sum(own != right for own, right in zip(read_npy(labels), exact, strict=True))
    wall = run([PYTHON, program, data], REPEATS="0")[1]
    return {"name": found["name"], "compute_ms": found["compute_ms"], "wall_ms": wall, "settled": "", "wrong": wrong}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, programs = sys.argv[1], sys.argv[2:]
    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        exact = exact_labels(data, folder)
        for _ in range(ROUNDS):
            # In turn, so that a machine whose speed drifts drifts for all of them.
            for result in [ncm(data)] + [peer(data, program, exact, folder) for program in programs]:
                runs.setdefault(result["name"], []).append(result)

    def median(name, key):
        return statistics.median(result[key] for result in runs[name])

    print(f"{ROUNDS} rounds in turn, medians; {len(exact):,} test samples\n")
    print("| | means and labels, ms | against ncm | whole process, ms | against ncm | wrong labels | settled |")
    print("|---|---|---|---|---|---|---|")
    for name, results in runs.items():
        cells = [name]
        for key in ("compute_ms", "wall_ms"):
            cells += [f"{median(name, key):.1f}", f"{median(name, key) / median('ncm', key):.1f}×"]
        cells += [str(results[-1]["wrong"]), str(results[-1]["settled"])]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
