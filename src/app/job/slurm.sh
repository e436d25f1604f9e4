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

# list NAME PATTERN: writes NAME.txt, the full paths of what matches.
list() {
    compgen -G "$2" | sort | while IFS= read -r path; do
        case $path in /*) echo "$path" ;; *) echo "$PWD/$path" ;; esac
    done > "$folder/$1.txt" || { echo "no $1: nothing matches $2" >&2; exit 1; }
}

# array COUNT STEP WORD...: submits this file again, as an array of tasks that do a step, once
# those of the step before have ended well. Most clusters allow 1,000 tasks.
array() {
    job=$(sbatch --parsable --kill-on-invalid-dep=yes ${job:+--dependency="afterok:${job%;*}"} \
        --job-name="ncm-$2" --array="1-$(($1 < 1000 ? $1 : 1000))" "$script" "${@:2}")
}
# add_up NAME OPTION...: a part of each shard, a group of each hundred parts, and NAME.npz.
add_up() {
    mkdir -p "parts/$1" "groups/$1"
    array "$count" part "$@"
    array "$groups" group "$1"
    array 1 whole "$1"
}

# The items of a task, every so-many-th, so that there may be more items than tasks.
mine() { seq "$SLURM_ARRAY_TASK_ID" "$SLURM_ARRAY_TASK_COUNT" "$1"; }
# numbered FOLDER FIRST LAST: counted names, so that nothing of an earlier run is among them.
numbered() { seq -f "$1/%.0f.npz" "$2" "$3"; }

export RAYON_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
step=${1:-submit}
if [ "$step" = submit ]; then
    script=$(realpath "$0")
    job=
    mkdir -p "$folder/scores" "$folder/logs"
    list shards "$shards"
    list tests "$tests"
    cd "$folder"
    rm -f model.npz
fi
count=$(wc -l < shards.txt)
groups=$(((count + 99) / 100))
tested=$(wc -l < tests.txt)
# shellcheck disable=SC2046  # counted names have no blanks
case $step in
submit)
    options=(--recipe "$recipe")
    # begin cl2n
    # The first round: cl2n subtracts the mean of all samples from each.
    add_up centre --recipe euclidean
    options+=(--centre centre.npz)
    # end cl2n
    add_up model "${options[@]}"
    array "$tested" score
    if ! { SBATCH_WAIT=1 array 1 result && cat "result-${job%;*}.txt"; }; then
        echo "a task failed; what it said is in $PWD/logs" >&2
        exit 1
    fi
    ;;
part)
    for number in $(mine "$count"); do
        shard=$(sed -n "${number}p" shards.txt)
        ncm means "${@:3}" --data "$shard" --save "parts/$2/$number.npz"
    done
    ;;
group)
    for group in $(mine "$groups"); do
        last=$((group * 100 < count ? group * 100 : count))
        ncm merge $(numbered "parts/$2" $((group * 100 - 99)) $last) --save "groups/$2/$group.npz"
    done
    ;;
whole) ncm merge $(numbered "groups/$2" 1 "$groups") --save "$2.npz" ;;
score)
    for number in $(mine "$tested"); do
        test=$(sed -n "${number}p" tests.txt)
        ncm accuracy --model model.npz --data "$test" --save "scores/$number.npz"
    done
    ;;
result) ncm merge $(numbered scores 1 "$tested") > "result-$SLURM_ARRAY_JOB_ID.txt" ;;
esac
