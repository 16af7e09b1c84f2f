# heed clean: stages, presets, columns, spans; one line out for each record in.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

# gives EXPECTED INPUT ARGUMENTS...: both as printf reads them
gives() {
    printf "$1" > "$work/expected"
    printf "$2" > "$work/input"
    shift 2
    "$HEED" clean "$@" < "$work/input" > "$work/found" 2> "$work/error" || wrong "heed clean $*: $(cat "$work/error")"
    cmp -s "$work/expected" "$work/found" ||
        wrong "heed clean $*: found: $(cat "$work/found"), expected: $(cat "$work/expected")"
}

# Each stage alone: the others are off.
gives 'the <b>cats</b> were asleep.\n' 'The <b>Cats</b> were ASLEEP.\n' --case lower
gives 'The  Cats  were ASLEEP.\n' 'The <b>Cats</b> were ASLEEP.\n' --html space
gives 'The bCatsb were ASLEEP\n' 'The <b>Cats</b> were ASLEEP.\n' --punctuation all
gives "A!\n" '................................A!\n' --punctuation first32
gives 'A\n' '................................A!\n' --punctuation all
gives 'it '"'"' s here .\n' "it ' s here.\n" --tokens words
gives 'cat\nwa\nu\ndog\n' 'cats\nwas\nus\ndogs\n' --lemmas noun
gives 'the cat sleep\n' 'the cats sleeping\n' --lemmas noun,verb
gives 'cats sleeping\n' 'the cats were sleeping\n' --stop-words english
gives 'The cats\n' 'The cats were\n' --stop-words english
gives 'cats\n' 'The cats were\n' --stop-words english --case lower
printf 'cats\n' > "$work/stop.txt"
gives 'the were\n' 'the cats were\n' --stop-words "$work/stop.txt"

# The tutorial's clean_text, and an override of it.
gives 'wasnt sleep cat\n' "I wasn't sleeping; the CATS were!\n" --preset tutorial
gives 'wasnt sleeping cats\n' "I wasn't sleeping; the CATS were!\n" --preset tutorial --lemmas none
gives 'wasnt sleeping cats\n' "I wasn't sleeping; the CATS were!\n" --lemmas none --preset=tutorial

# With nothing named: what the default preset does.
printf 'The <b>Cats</b> were ASLEEP.\n' > "$work/text"
"$HEED" clean < "$work/text" > "$work/a"
"$HEED" clean --preset default < "$work/text" > "$work/b"
cmp -s "$work/a" "$work/b" || wrong "without options it is not the default preset"

# An empty line is a record; a last line without its end too; NUL is a character.
gives 'a\n\nb\n' 'A\n\nB' --case lower
gives 'a\0b\n' 'A\0B\n' --case lower

gives '' '' --case lower
printf 'id,text\n' > "$work/header.csv"
gives '' '' --case lower "$work/header.csv"

# Columns; a newline inside a field becomes a space, in JSON it stays.
printf 'id,review\n1,"Two\nLINES"\n2,One\n' > "$work/rows.csv"
gives 'two lines\none\n' '' --case lower "$work/rows.csv"
gives '1\n2\n' '' --case lower --text-column 1 "$work/rows.csv"
gives '1 two lines\n2 one\n' '' --case lower --text-column id --text-column review "$work/rows.csv"
gives 'Two LINES\ttwo lines\nOne\tone\n' '' --case lower --with-text "$work/rows.csv"
"$HEED" clean --case lower --tokens split --json "$work/rows.csv" > "$work/found"
printf '%s\n' '{"text":"Two\nLINES","clean":"two\nlines","tokens":[{"text":"two\nlines","begin":0,"end":9}]}' \
    '{"text":"One","clean":"one","tokens":[{"text":"one","begin":0,"end":3}]}' > "$work/expected"
cmp -s "$work/expected" "$work/found" || wrong "--json: $(cat "$work/found")"

# Spans are bytes of the text before cleaning.
gives '0:4:cats 6:12:asleep\n' 'Cats, asleep\n' --spans --case lower --tokens words --punctuation all
gives '0:4:cats 5:8:are\n' 'CATS are\n' --spans --case lower --tokens split
exit $failed
