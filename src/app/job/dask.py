"""A nearest-class-mean model of many shards, and its accuracy, by Dask:

    python job.py                          on the cores of this machine
    python job.py tcp://SCHEDULER:8786     on workers that see the same files

Call it anything but dask.py, the name of what it imports.

Each shard becomes a part, a file of its exact class sums. Parts add up to one model, which
is asked about each test shard, and the counts of right answers add up to the accuracy.
Files are written whole or not at all, and again with the same bytes: a task may run twice.
"""

import glob
import os
import subprocess
import sys
from pathlib import Path

from dask.distributed import Client

# Shards are what `ncm --data` takes: folders, archives, files. All output goes to the folder.
SHARDS = "train/*"
TESTS = "test/*"
FOLDER = "ncm-parts"
RECIPE = "cl2n"


def write(path, command, files=()):
    """What a worker does: has ncm write a file, of others that must be there before."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    # One core, since a worker runs as many tasks at once as it has threads.
    one_core = {**os.environ, "RAYON_NUM_THREADS": "1"}
    words = ["ncm", *command, *files, "--save", path]
    ran = subprocess.run(words, env=one_core, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if ran.returncode != 0:
        raise RuntimeError(f"{words} failed: {ran.stderr.decode(errors='replace')}")
    return path


def matching(what, pattern):
    """The full paths of what matches a pattern."""
    found = sorted(os.path.abspath(path) for path in glob.glob(pattern))
    return found or sys.exit(f"no {what}: nothing matches {pattern}")


def main():
    shards, tests = matching("shards", SHARDS), matching("tests", TESTS)
    folder = Path(FOLDER).absolute()
    # So that a job that fails leaves no model of an earlier one.
    (folder / "model.npz").unlink(missing_ok=True)
    client = Client(*sys.argv[1:])

    def save(name, command, files=()):
        """The path of a file in the future; a task that fails is tried three times more."""
        path = str(folder / f"{name}.npz")
        return client.submit(write, path, command, files, retries=3, pure=False)

    def add_up(name, options, files=()):
        """A part of each shard, a group of each hundred parts, and all of them as one file."""
        parts = [save(f"parts/{name}/{number}", ["means", "--data", shard, *options], files)
                 for number, shard in enumerate(shards)]
        groups = [save(f"groups/{name}/{first}", ["merge"], parts[first : first + 100])
                  for first in range(0, len(parts), 100)]
        return save(name, ["merge"], groups)

    options, files = ["--recipe", RECIPE], []
    # begin cl2n
    # The first round: cl2n subtracts the mean of all samples from each.
    options, files = [*options, "--centre"], [add_up("centre", ["--recipe", "euclidean"])]
    # end cl2n
    model = add_up("model", options, files)
    scores = [save(f"scores/{number}", ["accuracy", "--data", test, "--model"], [model])
              for number, test in enumerate(tests)]
    subprocess.run(["ncm", "merge", *client.gather(scores)], check=True)


if __name__ == "__main__":
    main()
