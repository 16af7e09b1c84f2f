# Help, man pages and completion: each option of the table stands in all of them, and is parsed.
. "$(dirname "$0")/lib.sh"

commands=$("$HEED" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo $commands)" = "check split train evaluate predict explain serve compare tune inspect export clean vectors demo help" ] || wrong "commands of the help: $commands"
"$HEED" help --bash-completion > completion || wrong "no completion"
"$HEED" help --man > heed.1 || wrong "no man page of the program"
"$HEED" help > help && "$HEED" --help | cmp -s - help || wrong "heed help is not heed --help"

for command in $commands; do
    "$HEED" "$command" --help > "$command.help" 2> error || wrong "$command --help: status $?"
    [ -s error ] && wrong "$command --help writes on standard error"
    "$HEED" help "$command" | cmp -s - "$command.help" || wrong "heed help $command is not heed $command --help"
    "$HEED" "$command" -h | cmp -s - "$command.help" || wrong "$command -h is not $command --help"
    "$HEED" help --man "$command" > "heed-$command.1" || wrong "$command: no man page"
    grep -q "heed $command" heed.1 || wrong "heed(1) lacks $command"
    awk 'length($0) > 80 { exit 1 }' "$command.help" || wrong "$command --help is wider than 80 columns"
    sed -n "s/^ *$command\(|[a-z]*\)*) options=\"\(.*\)\" ;;/\2/p" completion | tr ' ' '\n' | sort > completed
    grep -o '^  \(-[a-z], \)*--[a-z0-9-]*' "$command.help" | sed 's/.*--/--/' | sort > helped
    grep -o '^\\fB\(\\-[a-z], \)*\\-\\-[a-z0-9\\-]*' "heed-$command.1" | sed 's/\\fB//; s/\\f$//; s/\\//g; s/^-[a-z], //' |
        sort > manned
    cmp -s helped completed || wrong "$command: help and completion have different options"
    cmp -s helped manned || wrong "$command: help and man page have different options"
    cat helped >> all
    while read -r option; do
        "$HEED" "$command" "$option" --help 2>&1 | grep -q 'unknown option' && wrong "$command does not parse $option"
    done < helped
done

# The tables themselves, read from their sources; an option that touches nothing is for the library only.
awk '
/^    \{+"[a-z0-9-]*", OPTION_/ { name = $0; sub(/^[ {]*"/, "", name); sub(/".*/, "", name); own = /^    \{\{/ }
name != "" && (own || /\.touches/) { print "--" name; name = "" }' "$root/src/options/option_table.c" "$root/cli/program_options.c" |
    sort -u > table
sort -u all > seen
[ -s table ] || wrong "no options found in the tables"
cmp -s table seen || wrong "options of the table and of the help differ: $(diff table seen)"

expected=$(echo heed; for command in $commands; do [ $command = help ] || echo heed-$command; done)
[ "$("$HEED" help --pages)" = "$expected" ] || wrong "pages: $("$HEED" help --pages)"
for code in 0 1 2 3 4 130; do
    grep -q "^  $code  *[a-z]" help || wrong "the help tells of no exit status $code"
done

if has_command groff; then
    for page in *.1; do
        groff -man -Tutf8 -ww -z "$page" 2> error
        [ -s error ] && wrong "$(basename "$page"): $(head -1 error)"
    done
elif has_command man; then
    for page in *.1; do
        man --warnings -l "$page" 2> error > /dev/null
        [ -s error ] && wrong "$(basename "$page"): $(head -1 error)"
    done
fi

if has_command bash; then
    complete_line() { # words...: what is offered for the last one
        bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _heed; echo "${COMPREPLY[*]}"' ./completion "$@"
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

[ "$("$HEED" --version)" = "heed $(sed -n 's/^#define HEED_VERSION "\(.*\)"/\1/p' "$root/include/heed.h")" ] || wrong "--version"
exit $failed
