# Small files of a user's own, made here: reviews in which a word tells the label, tickets with their labels in two ways.
. "$ROOT/docs/scenes/lib.sh"

# made_reviews COUNT BEGIN: "sentiment SEPARATOR review" with a header.
made_reviews() {
    awk -v count="$1" -v begin="$2" -v separator="$3" 'BEGIN {
        split("lovely wonderful brilliant", good); split("dreadful boring awful", bad)
        print "id" separator "sentiment" separator "review"
        for (i = begin; i < begin + count; i++)
            printf "%d%s%s%sfilm number %d was %s and we saw it with %d others\n", i, separator, i % 2 ? "pos" : "neg",
                separator, i, i % 2 ? good[i % 3 + 1] : bad[i % 3 + 1], i * 7 % 31
    }'
}
made_reviews 600 1 , > reviews.csv
made_reviews 200 601 , > more.csv
made_reviews 100 801 , > test.csv
made_reviews 300 1 '	' > reviews.tsv
made_reviews 200 301 '	' > b.tsv
cp reviews.tsv a.tsv
awk -F , -v OFS=, '{ print $1, $3 }' test.csv > new.csv
awk -F , 'NR > 1 { print $3 }' test.csv > log.txt
printf 'id;sentiment;review\n1;pos;caf\351 crema\n2;neg;d\351j\340 vu\n' > old.csv

awk 'BEGIN {
    print "text,label"
    for (i = 1; i <= 40; i++) print "ticket " i " of a customer," (i > 20 ? "Refund" : i % 10 ? "Login" : "login")
}' > tickets.csv
printf "%s\n" "{\"batch_size\": 16}" > wrong.json
