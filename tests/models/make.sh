#!/bin/sh
# How the models of this folder were made, by heed 0.1.0: every kind of model, small. Later versions read them and answer
# as before (tests/cli/old_models.sh). They are not made anew: HEED=PATH-OF-0.1.0 sh make.sh FOLDER
set -eu
: "${HEED:?path of heed 0.1.0}"
cd "$1"
awk 'BEGIN {
    print "id\tlabel\ttext"
    split("film plot actor scene score song review story picture camera", noun, " ")
    split("great lovely moving bright clever dull boring slow weak poor", kind, " ")
    for (i = 0; i < 80; i++) {
        good = i % 2 == 0
        printf "r%d\t%s\tThe %s was %s, and its %s <br/> were very %s in part %d!\n", i, good ? "pos" : "neg", noun[i % 10 + 1], \
            kind[i % 5 + (good ? 1 : 6)], noun[(i * 3) % 10 + 1], kind[(i + 2) % 5 + (good ? 1 : 6)], (i * 7) % 13
    }
}' > two.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } { $2 = NR % 3 == 0 ? "art" : NR % 3 == 1 ? "film" : "other"; $3 = $3 " " $2 " " $2; print }' two.tsv > three.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } { $2 = $2 (NR % 4 == 0 ? ";long" : "") (NR % 5 == 0 ? ";old" : ""); $3 = $3 (NR % 4 == 0 ? " long" : "") (NR % 5 == 0 ? " old" : ""); print }' two.tsv > several.tsv
printf 'film 0.1 0.2 0.3 0.4\nplot 0.4 0.3 0.2 0.1\ndull -1 0 0 1\ngreat 1 0 0 -1\n' > vectors.txt
printf 'the\nand\nwas\nwere\n' > words.txt
printf 'pos\t2\nneg\t1\n' > weights.txt
train() { # NAME ROWS OPTIONS...
    name=$1 rows=$2
    shift 2
    "$HEED" train --train "$rows" --model "$name.safetensors" --quiet --min-count 1 --batch-size 16 --epochs 3 --learning-rate 0.02 --threads 1 "$@"
}
train tutorial two.tsv --preset tutorial --architecture 'embed 8 | bilstm 4 | bilstm 4 | attention additive 3 | dense 4 | dropout 0.05' --keep best
train additive two.tsv --architecture 'embed 6 | bilstm 4 | attention additive 3 | dense 4 | dropout 0.3' --tune-thresholds
train gru three.tsv --architecture 'embed 6 | bigru 3 recurrent-dropout 0.1 | attention scaled + max | dense 4' --optimizer adamw --schedule cosine --warmup 0.5 --class-weights balanced
train lstm two.tsv --architecture 'embed 4 | lstm 3 | attention general + last' --positive neg --class-weights weights.txt --max-length mean
train attentions two.tsv --architecture 'embed 4 | gru 4 | attention dot + attention cosine + attention location + mean' --no-mask --max-length 12 --pad behind --cut behind --optimizer sgd --momentum 0.5
train conv three.tsv --architecture 'embed 6 | dropout 0.1 | conv 4 2 3 | max | dropout 0.2' --clip-norm 1 --schedule plateau --label-smoothing 0.1
train transformer three.tsv --architecture 'embed 4 | transformer 2 6 | transformer-pre 2 6 | mean' --max-length 16
train mean two.tsv --architecture 'embed 4 | mean' --vocabulary keras --tokens split --punctuation all --html keep --case keep --lemmas noun,verb --stop-words words.txt --validation last:0.2 --patience 0 --keep last
train vectors two.tsv --architecture 'embed 4 | bilstm 2 | max' --vectors vectors.txt --freeze 1 --stop-words english --lemmas noun
train several several.tsv --label-separator ';' --id-column id --architecture 'embed 6 | bilstm 3 | attention additive 3 | dense 4' --tune-thresholds --epochs 6
train linear2 two.tsv --architecture 'linear 5' --tune-thresholds
train linear3 three.tsv --architecture linear --tokens split --stop-words words.txt
train linears several.tsv --label-separator ';' --architecture linear --class-weights balanced
train begun three.tsv --init-from gru.safetensors --epochs 1
cp additive.safetensors explained.safetensors
"$HEED" explain explained.safetensors --faithfulness two.tsv --rows 20 --store --quiet > /dev/null
cut -f3 two.tsv | sed -n '2p;3p;14p;31p' > texts.txt
printf 'An old film, boring & dull; the art of a long story\n\nunknown words alone, nothing else\n' >> texts.txt
for model in *.safetensors; do
    name=${model%.safetensors}
    "$HEED" predict "$model" texts.txt --all-scores > "$name.answers"
    "$HEED" inspect "$model" --json > "$name.json"
    "$HEED" explain "$model" "$(sed -n 5p texts.txt)" --json --steps 64 > "$name.explained"
done
rm -f two.tsv three.tsv several.tsv vectors.txt words.txt weights.txt
