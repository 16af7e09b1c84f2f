# A training that Ctrl-C or a kill ended goes on from its checkpoint to the same model, whenever that was.
. "$(dirname "$0")/lib.sh"

made_encoder bert bert
made_rows 400 > rows.tsv

# MODEL [OPTION ...]: in the place of this shell, so that signals reach it
train_here() {
    model=$1
    shift
    exec "$HEED" train --train rows.tsv --model "$model" --encoder bert --encoder-epochs 6 --checkpoint saved \
        --architecture 'encoder trained | mean | dropout 0.1 ; wide' "$@" > out 2> err
}
train() { (train_here "$@"); }

train undisturbed.safetensors || wrong "train: $(cat err)"
rm -r saved
for signal in INT KILL TERM; do
    for pause in 0.05 0.3 0.6; do
        train_here ended.safetensors --resume &
        child=$!
        sleep "$pause"
        kill -"$signal" "$child" 2> /dev/null
        wait "$child"
        rm -f ended.safetensors
    done
done
ls saved/*.checkpoint > /dev/null || wrong "nothing was saved"
train resumed.safetensors --resume --threads 1 || wrong "train --resume: $(cat err)"
grep -q '^resumed' err || wrong "no word of going on: $(cat err)"
cmp undisturbed.safetensors resumed.safetensors || wrong "a resumed training ended in another model"
train again.safetensors --resume --seed 5 || wrong "train --resume with another seed: $(cat err)"
grep -q '^resumed' err && wrong "another seed went on: $(cat err)"
for file in saved/*; do printf 'no checkpoint' > "$file"; done
train damaged.safetensors --resume
expect "status of a damaged checkpoint" $? 3
grep -q '^heed: saved/.*: is no checkpoint: .*; remove it, or leave out --resume$' err || wrong "a damaged checkpoint: $(cat err)"
exit $failed
