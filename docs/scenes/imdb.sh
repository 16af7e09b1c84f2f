# The tutorial's film reviews, and a few of a user's own. With QUICK the first of them.
. "$ROOT/docs/scenes/lib.sh"
data=$(real_data imdb)
command -v xz > /dev/null || { echo "xz is not here"; exit 77; }
for name in labeledTrainData testData; do
    if [ -n "$QUICK" ]; then
        xz -dc "$data/$name.tsv.xz" 2> /dev/null | head -n 2001 > "$name.tsv"
    else
        xz -dc "$data/$name.tsv.xz" > "$name.tsv"
    fi
done
cat > new.csv << 'END'
id,review
17,"Wonderful, and ""so"" funny"
18,Dull.
END
cat > reviews.txt << 'END'
A wonderful film, one of the best of the year.
The worst film that I have ever seen: boring, and a waste of time.
END
# What the first block of the page makes, which takes too long for check.
heed train --train labeledTrainData.tsv --text-column review --label-column sentiment --model m.safetensors --quiet
