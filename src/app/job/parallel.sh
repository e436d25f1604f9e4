#!/bin/bash
# A nearest-class-mean model of many shards, and its accuracy, by GNU parallel:
#
#     bash job.sh
#
# Each shard becomes a part, a file of its exact class sums. Parts add up to one model, which
# is asked about each test shard, and the counts of right answers add up to the accuracy.
# Files are written whole or not at all, and again with the same bytes: a task may run twice.
set -euo pipefail

# Shards are what `ncm --data` takes: folders, archives, files. All output goes to the folder.
shards='train/*'
tests='test/*'
folder='ncm-parts'
recipe='cl2n'

# Runs a task for each core, which has one core. One that fails is tried three times in all,
# then everything stops. For several machines that see the same files, add here:
# --sshloginfile FILE --workdir "$PWD"
export RAYON_NUM_THREADS=1
run() {
    parallel --halt now,fail=1 --retries 3 --env RAYON_NUM_THREADS --joblog "$@" > /dev/null
}

# list NAME PATTERN: writes NAME.txt, the full paths of what matches. A backslash is no escape.
list() {
    compgen -G "${2//\\/\\\\}" | sort | while IFS= read -r path; do
        case $path in /*) echo "$path" ;; *) echo "$PWD/$path" ;; esac
    done > "$folder/$1.txt" || { echo "no $1: nothing matches $2" >&2; exit 1; }
}

# add_up NAME OPTION...: writes a part of each shard, adds up a hundred at a time to groups,
# and these to NAME.npz. Names are counted, so that nothing of an earlier run is among them.
# shellcheck disable=SC2046  # names of groups have no blanks
add_up() {
    local name=$1 count
    count=$(wc -l < shards.txt)
    mkdir -p "parts/$name" "groups/$name"
    run parts.log ncm means "${@:2}" --data {} --save "parts/$name/{#}.npz" :::: shards.txt
    seq -f "parts/$name/%.0f.npz" "$count" |
        run groups.log -N 100 ncm merge {} --save "groups/$name/{#}.npz"
    ncm merge $(seq -f "groups/$name/%.0f.npz" $(((count + 99) / 100))) --save "$name.npz" > /dev/null
}

mkdir -p "$folder/scores"
rm -f "$folder/model.npz"
list shards "$shards"
list tests "$tests"
cd "$folder"
options=(--recipe "$recipe")
# begin cl2n
# The first round: cl2n subtracts the mean of all samples from each.
add_up centre --recipe euclidean
options+=(--centre centre.npz)
# end cl2n
add_up model "${options[@]}"
run scores.log ncm accuracy --model model.npz --data {} --save 'scores/{#}.npz' :::: tests.txt
# shellcheck disable=SC2046
ncm merge $(seq -f 'scores/%.0f.npz' "$(wc -l < tests.txt)")
