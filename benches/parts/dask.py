"""Parts and scores under Dask, timed on this machine.

    python dask.py bar DATA            one process against two workers, on rows of one large set
    python dask.py rehearsal OUT       100,000,000 drawn samples as 1,000 parts, four workers

`ncm` is the program in the environment variable NCM, else the one on the path. Each prints
one JSON object. SHARDS and SAMPLES in the environment change how many shards the rehearsal
has, and how many samples are in each.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

from dask.distributed import Client, LocalCluster, wait

NCM = os.environ.get("NCM", "ncm")


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


def rehearsal(folder):
    shards = int(os.environ.get("SHARDS", 1000))
    samples = int(os.environ.get("SAMPLES", 100_000))
    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    data = lambda seed: f"synthetic:{samples},1,{seed}"
    make = lambda seed: ncm("means", "--data", data(seed), "--save", at(f"part-{seed}.npz"))
    # What a task costs that has next to nothing to do.
    tiny = lambda: ncm("means", "--data", "synthetic:1,1,1", "--save", at("tiny.npz"))
    tiny_s = min(timed(tiny)[1] for _ in range(5))
    running, client = cluster(4)
    idle = lambda: wait(client.map(lambda it: it, range(1000), pure=False))
    scheduling_s = timed(idle)[1] / 1000

    def work():
        parts = client.map(make, range(shards), pure=False)
        groups = [parts[first : first + 100] for first in range(0, shards, 100)]
        tree = [
            client.submit(merged, group, at(f"merged-{place}.npz"), pure=False)
            for place, group in enumerate(groups)
        ]
        return client.submit(merged, tree, at("model.npz"), pure=False).result()

    _, seconds = timed(work)
    files = [at(f"part-{seed}.npz") for seed in range(shards)]
    _, merge_s = timed(lambda: ncm("merge", *files, "--save", at("at-once.npz"), threads=2))
    merge_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with open(at("model.npz"), "rb") as one, open(at("at-once.npz"), "rb") as other:
        same = one.read() == other.read()
    client.close()
    running.close()
    return {
        "shards": shards,
        "samples": shards * samples,
        "seconds": seconds,
        "ns_a_sample": seconds * 1e9 / (shards * samples),
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
