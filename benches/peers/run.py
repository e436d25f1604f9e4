#!/usr/bin/env python3
"""Runs other programs that do the same job and ncm in turn, in one run, and prints ratios.

    benches/peers/run.py DATA PEER.py...        e.g. run.py ../data peers/*.py

DATA is a folder with the plain MNIST files. Each peer is a Python program that takes DATA as its argument and prints
one JSON line with `name`, `compute_ms` (class means and labels from images in memory, the median of its own runs)
and `correct`. `$NCM` names the ncm to run (default: the release build here), `$ROUNDS` how often each is run in turn
(default 5), `$PYTHON` the interpreter for the peers (default: this one).

Left out of `compute_ms`, for ncm as for its peers: starting up and reading files. Whole processes are timed as well,
with `REPEATS=0`, by which a peer does the work once.
"""
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NCM = os.environ.get("NCM", os.path.join(HERE, "..", "..", "target", "release", "ncm"))
PYTHON = os.environ.get("PYTHON", sys.executable)
ROUNDS = int(os.environ.get("ROUNDS", "5"))


def run(command, **settings):
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **settings})
    milliseconds = (time.perf_counter() - started) * 1e3
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout, milliseconds


def ncm(data):
    """The cpu backend, and the gpu backend where there is an adapter."""
    results = []
    timed = [r for r in json.loads(run([NCM, "bench", "--json", "--data", data])[0])["results"] if r["stage"] == "evaluate"]
    for result in timed:
        adapter = result["adapter"]["name"] if result["adapter"] else ""
        kind = "resident" if result["resident"] and adapter else "upload included" if adapter else ""
        arguments = [NCM, "accuracy", "--json", "--backend", result["backend"], "--data", data]
        text, wall = run(arguments)
        name = " ".join(["ncm", result["backend"], adapter, kind]).strip()
        correct = json.loads(text)["correct"]
        results.append({"name": name, "compute_ms": result["median_ms"], "wall_ms": wall, "correct": correct})
    return results


def peer(data, program):
    found = json.loads(run([PYTHON, program, data])[0].splitlines()[-1])
    found["wall_ms"] = run([PYTHON, program, data], REPEATS="0")[1]
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    data, programs = sys.argv[1], sys.argv[2:]
    runs = {}
    for _ in range(ROUNDS):
        # In turn, so that a machine whose speed drifts drifts for all of them.
        found = ncm(data) + [peer(data, program) for program in programs]
        for result in found:
            runs.setdefault(result["name"], []).append(result)
    correct = {result["correct"] for results in runs.values() for result in results}
    if len(correct) != 1:
        sys.exit(f"they disagree: {correct} right")

    def median(name, key):
        return statistics.median(result[key] for result in runs[name])

    base = "ncm cpu"
    print(f"{ROUNDS} rounds in turn, medians; every program has {correct.pop():,} right\n")
    print("| | means and labels, ms | against ncm cpu | whole process, ms | against ncm cpu |")
    print("|---|---|---|---|---|")
    for name in runs:
        cells = [name]
        for key in ("compute_ms", "wall_ms"):
            cells += [f"{median(name, key):.1f}", f"{median(name, key) / median(base, key):.1f}×"]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
