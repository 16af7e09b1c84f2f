# The same seed gives the same bytes: at any number of threads, run for run, in any locale; and a row is answered alike
# alone and in company.
. "$(dirname "$0")/lib.sh"

# 300 rows of 0 to 39 words, drawn by a generator of the script's own; the label is told by some of them.
awk 'BEGIN {
    seed = 17; print "label\ttext"
    for (i = 0; i < 300; i++) {
        label = i % 2; line = ""
        seed = (seed * 16807) % 2147483647; length_ = seed % 40
        for (j = 0; j < length_; j++) {
            seed = (seed * 16807) % 2147483647; word = seed % 60
            line = line (line == "" ? "" : " ") (word < 20 ? "word" word + 20 * label : "word" word + 20)
        }
        print (label ? "pos" : "neg") "\t" line
    }
}' > rows.tsv
cut -f 2 rows.tsv | tail -n +2 > texts

for preset in default tutorial; do
    for threads in 1 2 3 4; do
        "$HEED" train --preset $preset --train rows.tsv --model $preset$threads.safetensors --threads $threads \
            --epochs 2 --max-length 24 --min-count 1 --quiet 2> err || wrong "$preset, $threads threads: $(cat err)"
        cmp $preset$threads.safetensors ${preset}1.safetensors || wrong "$preset: $threads threads give another model than one"
        "$HEED" predict $preset$threads.safetensors texts --threads $threads --top-k 2 > $threads.out 2> err ||
            wrong "predict: $(cat err)"
        cmp $threads.out 1.out || wrong "$preset: $threads threads give other answers than one"
    done
    "$HEED" train --preset $preset --train rows.tsv --model again.safetensors --threads 2 --epochs 2 --max-length 24 \
        --min-count 1 --quiet --seed 2 || wrong "another seed"
    cmp -s again.safetensors ${preset}1.safetensors && wrong "$preset: another seed gives the same model"

    # Every dropout, SGD with momentum, clipping, a schedule.
    for threads in 1 2 3; do
        "$HEED" train --preset $preset --train rows.tsv --model drop$threads.safetensors --threads $threads --epochs 2 \
            --max-length 24 --min-count 1 --optimizer sgd --clip-norm 0.5 --schedule cosine --warmup 0.3 --quiet \
            --architecture 'embed 12 | dropout 0.2 | bilstm 8 recurrent-dropout 0.3 | gru 5 recurrent-dropout 0.1 | dropout 0.2 | attention additive 4 | dropout 0.3' ||
            wrong "$preset with dropouts"
        cmp drop$threads.safetensors drop1.safetensors || wrong "$preset with dropouts: $threads threads give another model"
    done

    # Rows alone, in pairs, and behind others, against the whole; through a file and through a pipe.
    for first in 1 2 50 150 299; do
        sed -n "${first}p" texts | "$HEED" predict ${preset}1.safetensors --top-k 2 > alone
        sed -n "${first}p" 1.out | cmp - alone || wrong "$preset: row $first is answered otherwise alone"
        sed -n "${first},$((first + 1))p" texts > pair
        "$HEED" predict ${preset}1.safetensors pair --top-k 2 > answers
        sed -n "${first},$((first + 1))p" 1.out | cmp - answers || wrong "$preset: rows from $first are answered otherwise"
    done
    awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' texts |
        "$HEED" predict ${preset}1.safetensors --top-k 2 | awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' |
        cmp - 1.out || wrong "$preset: rows from the last to the first are answered otherwise"
done

# A locale with a decimal comma and its own sorting.
for locale in de_DE.UTF-8 de_DE.utf8 fr_FR.UTF-8 fr_FR.utf8; do
    locale -a 2> /dev/null | grep -qx "$locale" || continue
    LC_ALL=$locale "$HEED" train --train rows.tsv --model locale.safetensors --threads 2 --epochs 2 --max-length 24 \
        --min-count 1 --learning-rate 0.001 --quiet || wrong "in $locale"
    cmp locale.safetensors default1.safetensors || wrong "$locale gives another model"
    LC_ALL=$locale "$HEED" inspect default1.safetensors --history | grep -q '^1,0\.[0-9]*,' || wrong "$locale: history"
    break
done
exit $failed
