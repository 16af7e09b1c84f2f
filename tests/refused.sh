# For the scripts of tests/cli that keep $work and wrong(): read by them, no test itself.

# refused STATUS WORDS COMMAND...: one line that holds the words, nothing on standard output.
refused() {
    status=$1 words=$2
    shift 2
    "$@" > "$work/out" 2> "$work/error"
    found=$?
    [ $found -eq "$status" ] || wrong "$*: status $found, expected $status: $(cat "$work/error")"
    [ -s "$work/out" ] && wrong "$*: writes on standard output"
    [ "$(wc -l < "$work/error")" -eq 1 ] || wrong "$*: expected one line, found: $(cat "$work/error")"
    grep -q -e "$words" "$work/error" || wrong "$*: expected '$words', found: $(cat "$work/error")"
}
