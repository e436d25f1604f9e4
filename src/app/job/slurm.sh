#!/bin/bash
# A nearest-class-mean model of many shards, and its accuracy, as a chain of Slurm jobs. Start
# it on a login node, in a folder that all nodes see; it waits for the result and prints it:
#
#     bash job.sh
#
# Each shard becomes a part, a file of its exact class sums. Parts add up to one model, which
# is asked about each test shard, and the counts of right answers add up to the accuracy.
# Files are written whole or not at all, and again with the same bytes: a task may run twice.
#SBATCH --requeue
#SBATCH --cpus-per-task=1
#SBATCH --output=logs/%x-%A-%a.log
# Add such lines for what your cluster wants to know: --account, --partition, --time, --mem.
set -euo pipefail

# Shards are what `ncm --data` takes: folders, archives, files. All output goes to the folder.
shards='train/*'
tests='test/*'
folder='ncm-parts'
recipe='cl2n'

# list NAME PATTERN: writes NAME.txt, the full paths of what matches. A backslash is no escape.
list() {
    compgen -G "${2//\\/\\\\}" | sort | while IFS= read -r path; do
        case $path in /*) echo "$path" ;; *) echo "$PWD/$path" ;; esac
    done > "$folder/$1.txt" || { echo "no $1: nothing matches $2" >&2; exit 1; }
}

# array COUNT STEP WORD...: submits this file again, as an array of tasks that do a step, once
# those of the step before have ended well. Most clusters allow 1,000 tasks.
array() {
    tasks=$(($1 < 1000 ? $1 : 1000))
    job=$(sbatch --parsable --kill-on-invalid-dep=yes ${job:+--dependency="afterok:${job%;*}"} \
        --job-name="ncm-$2" --array="1-$tasks" "$script" "${@:2}")
}

# add_up NAME OPTION...: a part of each shard, groups of up to a hundred parts, and NAME.npz.
add_up() {
    mkdir -p "parts/$1" "groups/$1"
    array "$count" part "$@"
    array $(((count + 99) / 100)) group "$1"
    array 1 whole "$1" "$tasks"
}

# What a task of a step does, in the folder: its share of a list, every so-many-th. Names are
# counted, so that nothing of an earlier run is among them.
share() { seq -f "$2" "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT" "$(wc -l < "$1.txt")"; }
each() {
    for number in $(share "$1" %.0f); do
        "${@:3}" --data "$(sed -n "${number}p" "$1.txt")" --save "$2/$number.npz"
    done
}
export RAYON_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
# shellcheck disable=SC2046  # these names have no blanks
case ${1-} in
part) each shards "parts/$2" ncm means "${@:3}" ;;
group) ncm merge $(share shards "parts/$2/%.0f.npz") --save "groups/$2/$SLURM_ARRAY_TASK_ID.npz" ;;
whole) ncm merge $(seq -f "groups/$2/%.0f.npz" "$3") --save "$2.npz" ;;
score) each tests scores ncm accuracy --model model.npz ;;
result) ncm merge $(share tests scores/%.0f.npz) > "result-$SLURM_ARRAY_JOB_ID.txt" ;;
esac
[ $# = 0 ] || exit 0

# Without a step, by you: submits all.
script=$(realpath "$0")
mkdir -p "$folder/scores" "$folder/logs"
list shards "$shards"
list tests "$tests"
cd "$folder"
rm -f model.npz
count=$(wc -l < shards.txt)
job=
options=(--recipe "$recipe")
# begin cl2n
# The first round: cl2n subtracts the mean of all samples from each.
add_up centre --recipe euclidean
options+=(--centre centre.npz)
# end cl2n
add_up model "${options[@]}"
array "$(wc -l < tests.txt)" score
if ! { SBATCH_WAIT=1 array 1 result && cat "result-${job%;*}.txt"; }; then
    echo "a task failed; what it said is in $PWD/logs" >&2
    exit 1
fi
