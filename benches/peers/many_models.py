#!/usr/bin/env python3
"""Runs other programs that train many models on one dataset and `ncm curve` and `ncm bootstrap` in turn, in one run.

    benches/peers/many_models.py DATA PEER.py...        e.g. many_models.py ../data peers/curve_*.py peers/bootstrap_*.py

DATA is a folder with the plain MNIST files. Each peer is a Python program that takes DATA as its argument and prints
one JSON line with `name` and either `ms_per_repetition`, of a learning curve over `sizes`, or `ms_per_model`, of a
bootstrap of the training images. `$NCM`, `$ROUNDS` and `$PYTHON` are as for `run.py`.

The figure of ncm is its total less reading the files, divided by the repetitions or models.
"""
import json
import statistics
import sys

from run import NCM, PYTHON, ROUNDS, run

KINDS = {
    "curve": ("ms_per_repetition", ["--repetitions", "100"], 100, "milliseconds a repetition of the curve"),
    "bootstrap": ("ms_per_model", ["--models", "1000"], 1000, "milliseconds a model of the bootstrap"),
}


def ncm(kind, data, options, of):
    text, wall = run([NCM, kind, "--backend", "cpu", "--json", "--data", data, *options])
    spent = json.loads(text)["milliseconds"]
    return (spent["total"] - spent["load"]) / of, wall


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, programs = sys.argv[1], sys.argv[2:]
    ours = {kind: [] for kind in KINDS}
    theirs = {}
    for _ in range(ROUNDS):
        # In turn, so that a machine whose speed drifts drifts for all of them.
        for kind, (_, options, of, _) in KINDS.items():
            ours[kind].append(ncm(kind, data, options, of))
        for program in programs:
            found = json.loads(run([PYTHON, program, data])[0].splitlines()[-1])
            theirs.setdefault(found["name"], []).append(found)
    print(f"{ROUNDS} rounds in turn, medians\n")
    for kind, (key, _, _, title) in KINDS.items():
        base = statistics.median(each for each, _ in ours[kind])
        wall = statistics.median(wall for _, wall in ours[kind])
        print(f"| {title} | ms | against ncm |\n|---|---|---|")
        print(f"| `ncm {kind} --backend cpu`, {wall / 1e3:.2f} s as a process | {base:.3f} | 1.0× |")
        for name, results in theirs.items():
            if key in results[0]:
                median = statistics.median(result[key] for result in results)
                print(f"| {name} | {median:.3f} | {median / base:.1f}× |")
        print()


if __name__ == "__main__":
    main()
