# Files in NFC and in NFD give the same model and the same answers, bit by bit.
. "$(dirname "$0")/lib.sh"

has_command python3 || skip "python3 is not here, which writes the two forms"

python3 - <<'END'
import unicodedata
good = ["café", "naïve", "हिन्दी ज़रूर", "한국어", "ガギグ", "Ångström", "קָטָן"]
bad = ["déçu", "Übel", "বাংলা ড়", "한글", "パピプ", "Łódź mały", "גָּדוֹל"]
rows = ["id,label,text"]
for i in range(120):
    words = good if i % 2 else bad
    rows.append(f'{i},{"né" if i % 2 else "öde"},"{words[i % 7]} & {words[(i * 3 + 1) % 7]} <b>e&#769;</b> {i}"')
for form in "NFC", "NFD":
    open(f"{form}.csv", "w").write(unicodedata.normalize(form, "\n".join(rows) + "\n"))
END
cmp -s NFC.csv NFD.csv && wrong "the two files are the same"

for architecture in 'embed 8 | max' linear; do
    for form in NFC NFD; do
        "$HEED" train --train $form.csv --epochs 3 --min-count 1 --learning-rate 0.02 --architecture "$architecture" \
            --model $form.safetensors --quiet || wrong "training on $form"
        "$HEED" evaluate $form.safetensors $form.csv --json > $form.json || wrong "evaluating $form"
        "$HEED" predict $form.safetensors $form.csv > $form.tsv || wrong "predicting $form"
    done
    for file in safetensors json tsv; do
        cmp NFC.$file NFD.$file || wrong "$architecture: NFC.$file and NFD.$file differ"
    done
    "$HEED" evaluate NFC.safetensors NFD.csv --json | cmp - NFC.json || wrong "$architecture: the form of the test rows counts"
done
