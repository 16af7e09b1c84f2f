# Questions of six kinds, and the same joined into texts of several kinds.
. "$ROOT/docs/scenes/lib.sh"
data=$(real_data sentences/trec)
cp "$data/train.tsv" "$data/test.tsv" .
cp train.tsv trec.tsv

# joined FILE: texts of one to three questions, with the labels of all.
joined() {
    awk -F '\t' '
    function out() { if (text != "") print labels "\t" text; labels = text = ""; count = 0 }
    NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i; print "labels\ttext"; next }
    {
        label = $place["label"]
        if (index(";" labels ";", ";" label ";") == 0) labels = labels (labels == "" ? "" : ";") label
        text = text (text == "" ? "" : " ") $place["text"]
        if (++count > texts * 7 % 3) { out(); texts++ }
    }
    END { out() }' "$1"
}
joined train.tsv > mixed-train.tsv
joined test.tsv > mixed-test.tsv
