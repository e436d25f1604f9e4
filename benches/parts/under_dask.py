"""Parts and scores under Dask, timed on this machine.

    python under_dask.py bar DATA            one process against two workers, on rows of one large set
    python under_dask.py rehearsal OUT       100,000,000 samples as 1,000 parts, four workers

`ncm` is the program in the environment variable NCM, else the one on the path. Each prints
one JSON object. SHARDS and SAMPLES in the environment change how many shards the rehearsal
has, and how many samples are in each; a shard is random bytes of a seed, written to a folder
in memory where there is one, and removed when its part is saved.
"""

import hashlib
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from dask.distributed import Client, LocalCluster, wait

NCM = os.environ.get("NCM", "ncm")

# Runs a command and prints the most memory that it had, in KiB.
PEAK = """
import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def ncm(*words, threads=1):
    """Runs ncm with so many threads; its results go nowhere."""
    environment = dict(os.environ, RAYON_NUM_THREADS=str(threads))
    subprocess.run([NCM, *words], check=True, stdout=subprocess.DEVNULL, env=environment)
    return words[-1]


def merged(parts, file):
    return ncm("merge", *parts, "--save", file)


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def cluster(workers):
    """Workers that are up, with a thread each."""
    running = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    client = Client(running)
    client.wait_for_workers(workers)
    return running, client


def bar(data):
    """Part and score of all training samples, a tenth of them in a task."""
    info = json.loads(subprocess.check_output([NCM, "info", "--data", data, "--json"]))
    samples = info["dataset"]["train"]
    step = samples // 10
    rows = [f"{first}..{first + step}" for first in range(0, samples, step)]
    folder = tempfile.mkdtemp()
    at = lambda name: os.path.join(folder, name)
    score = ("accuracy", "--backend", "cpu", "--evaluate-on", "train", "--data", data)

    def alone():
        whole = ("--rows", f"0..{samples}")
        model = ncm("means", "--data", data, *whole, "--save", at("model.npz"), threads=2)
        ncm(*score, *whole, "--model", model, "--save", at("score.npz"), threads=2)

    running, client = cluster(2)

    def together():
        parts = [
            client.submit(ncm, "means", "--data", data, "--rows", r, "--save", at(f"part-{r}.npz"), pure=False)
            for r in rows
        ]
        model = client.submit(merged, parts, at("merged.npz"), pure=False)
        scores = [
            client.submit(ncm, *score, "--rows", r, "--model", model, "--save", at(f"score-{r}.npz"), pure=False)
            for r in rows
        ]
        client.submit(merged, scores, at("scores.npz"), pure=False).result()

    pairs = []
    for _ in range(3):
        pairs.append([timed(alone)[1], timed(together)[1]])
    answers = [
        json.loads(subprocess.check_output([NCM, "merge", at(name), "--json"]))
        for name in ("score.npz", "scores.npz")
    ]
    same = all(answers[0][key] == answers[1][key] for key in ("confusion", "correct", "total"))
    client.close()
    running.close()
    ratios = sorted(two / one for one, two in pairs)
    return {"samples": samples, "alone_and_dask_s": pairs, "median_ratio": ratios[1], "same": same}


def drawn(folder, samples, seed):
    """The four IDX files of a dataset like MNIST, of one test sample."""
    digit = bytes(level % 10 for level in range(256))
    for name, count in (("train", samples), ("t10k", 1)):
        with open(os.path.join(folder, f"{name}-images-idx3-ubyte"), "wb") as file:
            file.write(struct.pack(">4I", 0x803, count, 28, 28))
            file.write(hashlib.shake_128(f"{seed} {name} images".encode()).digest(784 * count))
        with open(os.path.join(folder, f"{name}-labels-idx1-ubyte"), "wb") as file:
            file.write(struct.pack(">2I", 0x801, count))
            labels = hashlib.shake_128(f"{seed} {name} labels".encode()).digest(count)
            file.write(labels.translate(digit))


def part_of(seed, samples, file):
    """Draws a shard and saves its part; the seconds that each took."""
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        _, drawing = timed(lambda: drawn(folder, samples, seed))
        _, saving = timed(lambda: ncm("means", "--data", folder, "--save", file))
    return [drawing, saving]


def rehearsal(folder):
    shards = int(os.environ.get("SHARDS", 1000))
    samples = int(os.environ.get("SAMPLES", 100_000))
    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    # What a task costs that has next to nothing to do.
    tiny = lambda: ncm("means", "--data", "synthetic:1,1,1", "--save", at("tiny.npz"))
    tiny_s = min(timed(tiny)[1] for _ in range(5))
    # Before others share the cores.
    alone = min(part_of(seed, samples, at(f"part-{seed}.npz"))[1] for seed in range(3))
    running, client = cluster(4)
    idle = lambda: wait(client.map(lambda it: it, range(1000), pure=False))
    scheduling_s = timed(idle)[1] / 1000

    files = [at(f"part-{seed}.npz") for seed in range(shards)]

    def work():
        many = [samples] * shards
        parts = client.map(part_of, range(shards), many, files, pure=False)
        seconds = client.gather(parts)
        tree = [
            client.submit(merged, files[first : first + 100], at(f"merged-{first}.npz"), pure=False)
            for first in range(0, shards, 100)
        ]
        client.submit(merged, tree, at("model.npz"), pure=False).result()
        return seconds

    seconds_each, seconds = timed(work)
    drawing, saving = (statistics.median(each) for each in zip(*seconds_each))
    _, merge_s = timed(lambda: ncm("merge", *files, "--save", at("at-once.npz"), threads=2))
    # A process begins as a copy of the one that starts it, so that is to be a small one.
    merge = [NCM, "merge", *files, "--save", at("at-once.npz")]
    merge_kib = int(subprocess.check_output([sys.executable, "-c", PEAK, *merge]))
    with open(at("model.npz"), "rb") as one, open(at("at-once.npz"), "rb") as other:
        same = one.read() == other.read()
    client.close()
    running.close()
    return {
        "shards": shards,
        "samples": shards * samples,
        "seconds": seconds,
        "drawing_a_shard_s": drawing,
        "saving_a_part_s": saving,
        "alone_a_part_s": alone,
        "alone_ns_a_sample": alone * 1e9 / samples,
        "tiny_process_s": tiny_s,
        "scheduling_s_a_task": scheduling_s,
        "merge_of_all_s": merge_s,
        "merge_of_all_kib": merge_kib,
        "part_bytes": max(os.path.getsize(file) for file in files),
        "same_bytes_in_a_tree_and_at_once": same,
    }


if __name__ == "__main__":
    what, where = sys.argv[1:]
    print(json.dumps({"bar": bar, "rehearsal": rehearsal}[what](where), indent=1))
