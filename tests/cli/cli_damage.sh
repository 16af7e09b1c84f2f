# What stands in the way of writing a file: left temporary files, limits, modes.
. "$(dirname "$0")/lib.sh"
printf 'label\ttext\na\tup cat\nb\tno dog\na\tcat\nb\tno\n' > two.tsv
train() { "$HEED" train --train two.tsv --epochs 1 --validation none --min-count 1 --quiet "$@"; }
train --model m.st || wrong "train"

# ---- a limit of the file size: one line, status 1, nothing is left
cp m.st old.st
mkdir report
limit=1 # in 512 bytes
over_the_limit() { # NAME COMMAND...
    name=$1
    shift
    (ulimit -f $limit; "$@") > out 2> err < /dev/null
    expect "status of $* over the limit" $? 1
    grep -q "^heed: $name.*: cannot be written: File too large$" err || wrong "$* over the limit: $(cat err)"
    expect "temporary files after $*" "$(find . -name '*.part')" ''
}
over_the_limit m.st train --model m.st
cmp -s m.st old.st || wrong "a model that could not be written is not the old one"
over_the_limit e.html "$HEED" explain m.st 'up cat' --output e.html
over_the_limit report "$HEED" evaluate m.st two.tsv --report report
awk 'BEGIN { for (i = 0; i < 400; i++) printf "w%d w%d ", i % 40, i % 7; print "" }' > words.txt
limit=10 # the words fit, their vectors do not
over_the_limit v.bin "$HEED" vectors train words.txt --output v.bin --min-count 1 --quiet

# ---- a file that replaces another has its mode
umask 022
for mode in 600 640 644; do
    chmod $mode m.st
    train --model m.st || wrong "train"
    expect "mode of a model trained again" "$(stat -c %a m.st)" $mode
    "$HEED" explain m.st 'up cat' --output e.html || wrong "explain"
    expect "mode of an explanation written again" "$(stat -c %a e.html)" "${before:-644}"
    chmod $mode e.html
    before=$mode
done
ln -s m.st link.st
chmod 600 m.st
train --model link.st || wrong "train"
expect "mode behind a link" "$(stat -c %a m.st)" 600

# ---- left temporary files: of this process's number, and of trainings that were killed
sh -c 'touch m.st.$$.part; exec "$0" train --train two.tsv --model m.st --epochs 1 --validation none --min-count 1 --quiet' \
    "$HEED" || wrong "a taken name"
rm -f m.st.*.part
touch m.st.heed-0badcafe.part other.st.heed-0badcafe.part
train --model m.st || wrong "train"
expect "what is left" "$(ls ./*.part)" ./other.st.heed-0badcafe.part
exit $failed
