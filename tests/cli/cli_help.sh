# Help, man pages and completion: each option of the table stands in all of them, and is parsed.
HEED=${HEED:?path of the program}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }

commands=$("$HEED" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo $commands)" = "train evaluate predict explain serve compare tune inspect clean vectors demo help" ] || wrong "commands of the help: $commands"
"$HEED" help --bash-completion > "$work/bash" || wrong "no completion"
"$HEED" help --man > "$work/heed.1" || wrong "no man page of the program"
"$HEED" help > "$work/help" && "$HEED" --help | cmp -s - "$work/help" || wrong "heed help is not heed --help"

for command in $commands; do
    "$HEED" "$command" --help > "$work/$command.help" 2> "$work/error" || wrong "$command --help: status $?"
    [ -s "$work/error" ] && wrong "$command --help writes on standard error"
    "$HEED" help "$command" | cmp -s - "$work/$command.help" || wrong "heed help $command is not heed $command --help"
    "$HEED" "$command" -h | cmp -s - "$work/$command.help" || wrong "$command -h is not $command --help"
    "$HEED" help --man "$command" > "$work/heed-$command.1" || wrong "$command: no man page"
    grep -q "heed $command" "$work/heed.1" || wrong "heed(1) lacks $command"
    awk 'length($0) > 80 { exit 1 }' "$work/$command.help" || wrong "$command --help is wider than 80 columns"
    sed -n "s/^ *$command\(|[a-z]*\)*) options=\"\(.*\)\" ;;/\2/p" "$work/bash" | tr ' ' '\n' | sort > "$work/completed"
    grep -o '^  \(-[a-z], \)*--[a-z0-9-]*' "$work/$command.help" | sed 's/.*--/--/' | sort > "$work/helped"
    grep -o '^\\fB\(\\-[a-z], \)*\\-\\-[a-z0-9\\-]*' "$work/heed-$command.1" | sed 's/\\fB//; s/\\f$//; s/\\//g; s/^-[a-z], //' |
        sort > "$work/manned"
    cmp -s "$work/helped" "$work/completed" || wrong "$command: help and completion have different options"
    cmp -s "$work/helped" "$work/manned" || wrong "$command: help and man page have different options"
    cat "$work/helped" >> "$work/all"
    while read -r option; do
        "$HEED" "$command" "$option" --help 2>&1 | grep -q 'unknown option' && wrong "$command does not parse $option"
    done < "$work/helped"
done

# The tables themselves, read from their sources; an option that touches nothing is for the library only.
awk '
/^    \{+"[a-z0-9-]*", OPTION_/ { name = $0; sub(/^[ {]*"/, "", name); sub(/".*/, "", name); own = /^    \{\{/ }
name != "" && (own || /\.touches/) { print "--" name; name = "" }' ../src/options/option_table.c ../cli/command_options.c |
    sort -u > "$work/table"
sort -u "$work/all" > "$work/seen"
[ -s "$work/table" ] || wrong "no options found in the tables"
cmp -s "$work/table" "$work/seen" || wrong "options of the table and of the help differ: $(diff "$work/table" "$work/seen")"

expected=$(echo heed; for command in $commands; do [ $command = help ] || echo heed-$command; done)
[ "$("$HEED" help --pages)" = "$expected" ] || wrong "pages: $("$HEED" help --pages)"
for code in 0 1 2 3 4 130; do
    grep -q "^  $code  *[a-z]" "$work/help" || wrong "the help tells of no exit status $code"
done

if command -v groff > /dev/null; then
    for page in "$work"/*.1; do
        groff -man -Tutf8 -ww -z "$page" 2> "$work/error"
        [ -s "$work/error" ] && wrong "$(basename "$page"): $(head -1 "$work/error")"
    done
elif command -v man > /dev/null; then
    for page in "$work"/*.1; do
        man --warnings -l "$page" 2> "$work/error" > /dev/null
        [ -s "$work/error" ] && wrong "$(basename "$page"): $(head -1 "$work/error")"
    done
fi

if command -v bash > /dev/null; then
    complete_line() { # words...: what is offered for the last one
        bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _heed; echo "${COMPREPLY[*]}"' "$work/bash" "$@"
    }
    [ "$(complete_line heed tr)" = train ] || wrong "completion of a command: $(complete_line heed tr)"
    [ "$(complete_line heed train --learn)" = --learning-rate ] || wrong "completion of an option"
    [ "$(complete_line heed clean --case lo)" = lower ] || wrong "completion of a choice"
    [ "$(complete_line heed test --req)" = --require ] || wrong "completion of an alias"
    [ "$(complete_line heed clean --case = lo)" = lower ] || wrong "completion behind ="
    [ "$(complete_line heed clean --case =)" = "keep lower" ] || wrong "completion at ="
    [ "$(complete_line heed clean --case=lo)" = --case=lower ] || wrong "completion of one word with ="
    [ "$(complete_line heed help ev)" = evaluate ] || wrong "completion of what to explain"
fi

[ "$("$HEED" --version)" = "heed $(sed -n 's/^#define HEED_VERSION "\(.*\)"/\1/p' ../include/heed.h)" ] || wrong "--version"
exit $failed
