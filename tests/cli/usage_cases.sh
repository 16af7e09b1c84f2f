# Command lines as tests/cases/usage says: what the program prints, or its exit status and message. commands.txt there says
# how a case is written.
. "$(dirname "$0")/lib.sh"
mkdir bin
ln -s "$HEED" bin/heed
export PATH="$work/bin:$PATH" TESTS="$tests"

# fits TEXT PATTERN: they are equal; "..." in the pattern is any text.
fits() {
    case $2 in
    *...*) ;;
    *) [ "$1" = "$2" ]; return ;;
    esac
    text=$1 rest=$2
    piece=${rest%%...*} rest=${rest#*...}
    case $text in "$piece"*) text=${text#"$piece"} ;; *) return 1 ;; esac
    while piece=${rest%%...*}; [ "$piece" != "$rest" ]; do # each piece in the middle, where it comes first
        rest=${rest#*...}
        case $text in *"$piece"*) text=${text#*"$piece"} ;; *) return 1 ;; esac
    done
    case $text in *"$rest") ;; *) return 1 ;; esac
}

# What is in the folder.
contents() { find . \( -type f -exec cksum {} + \) -o -print | sort; }

# fault MESSAGE: of the case whose first command is in line $place, or of line $number.
fault() { printf '%s\n' "$file:${place:-$number}: $*"; faults=$((faults + 1)); }

# check_command COMMAND: against $status, $message and the file expected.
check_command() {
    timeout 20 sh -c "$1" > "$work/out" 2> "$work/err" < /dev/null
    found=$?
    error='' more='' lines=one
    { IFS= read -r error && ! IFS= read -r more && [ -z "$more" ]; } < "$work/err" || lines=other
    if [ $found != "$status" ]; then
        fault "$1: found exit status $found: $error"
    elif ! cmp -s "$work/expected" "$work/out"; then
        fault "$1: found on standard output: $(cat "$work/out")"
    elif [ "$status" = 0 ]; then
        [ ! -s "$work/err" ] || fault "$1: found on standard error: $(cat "$work/err")"
    elif [ $lines = other ]; then
        fault "$1: not one line on standard error: $(cat "$work/err")"
    elif ! fits "$error" "heed: $message"; then
        fault "$1: found: $error"
    else
        case $error in *[[:cntrl:]]*) fault "$1: control characters on standard error" ;; esac
    fi
}

# The commands have left, removed and changed no file.
check_files() {
    contents > "$work/after"
    cmp -s "$work/before" "$work/after" || fault "changed files: $(diff "$work/before" "$work/after")"
    mv "$work/after" "$work/before"
}

begin_case() {
    : > "$work/commands"
    : > "$work/expected"
    status='' message='' place=''
}

end_case() {
    if [ -s "$work/commands" ] && [ -z "$status" ]; then
        fault "nothing says what comes of the commands"
    elif [ -n "$status" ] && [ ! -s "$work/commands" ]; then
        fault "no command"
    else
        while IFS= read -r command <&3; do
            cases=$((cases + 1))
            check_command "$command"
        done 3< "$work/commands"
        [ ! -s "$work/commands" ] || check_files
    fi
    begin_case
}

# read_line LINE: the next one of a case.
read_line() {
    value=${1#*: }
    case $1 in
    '') end_case ;;
    '#'*) ;;
    'file '*) name=${1%%: *}; printf %b "$value" > "${name#file }"; contents > "$work/before" ;;
    'setup: '*) sh -c "$value" > "$work/out" 2>&1 < /dev/null || fault "$(cat "$work/out")"; contents > "$work/before" ;;
    '$ '*) printf '%s\n' "${1#??}" >> "$work/commands"; place=${place:-$number} ;;
    '> '*) printf '%b\n' "${1#??}" >> "$work/expected"; status=0 ;;
    '>') echo >> "$work/expected"; status=0 ;;
    'exit 0') status=0 ;;
    'exit '*) status=${1%%:*}; status=${status#exit }; message=$value ;;
    *) fault "no line is like '$1'" ;;
    esac
}

# run_file FILE: its cases, in a folder of their own. Prints what is wrong; counts it in $faults, commands in $cases.
run_file() {
    file=$1 number=0 cases=0 faults=0
    rm -rf "$work/folder"
    mkdir "$work/folder"
    cd "$work/folder" || exit 1
    contents > "$work/before"
    begin_case
    while IFS= read -r line <&4; do
        number=$((number + 1))
        read_line "$line"
    done 4< "$file"
    end_case
    cd "$work" || exit 1
}

total=0
for path in "$tests"/cases/usage/*.txt; do
    run_file "$path"
    [ $cases -gt 0 ] || wrong "$path: no cases"
    [ $faults = 0 ] || wrong "$path: $faults faults"
    total=$((total + cases))
done
echo "$total command lines"

# A wrong case fails, each of these in one way.
must_fail() { # LINES
    printf %b "$1" > wrong.txt
    run_file "$work/wrong.txt" > told
    [ $faults = 1 ] || wrong "found $faults faults, expected 1, in the wrong case: $(cat wrong.txt told)"
}
nonsense='$ heed nonsense\n'
must_fail "${nonsense}exit 3: unknown command...\n"
must_fail "${nonsense}exit 2: unknown option...\n"
must_fail "${nonsense}exit 2: unknown\n"
must_fail "${nonsense}exit 2: ...nonsense...nonsense...nonsense...\n"
must_fail "${nonsense}exit 0\n"
must_fail "${nonsense}"
must_fail "exit 2: unknown command...\n"
must_fail "${nonsense}error: unknown command\nexit 2: unknown command...\n"
must_fail '$ echo a; heed nonsense\nexit 2: unknown command...\n'
must_fail '$ heed nonsense; heed nonsense\nexit 2: unknown command...\n'
must_fail '$ echo x > new; heed nonsense\nexit 2: unknown command...\n'
must_fail 'file a: 1\n$ echo 2 > a; heed nonsense\nexit 2: unknown command...\n'
must_fail '$ printf "heed: \\033\\n" >&2; exit 2\nexit 2: ...\n'
must_fail '$ printf "heed: no end" >&2; exit 2\nexit 2: ...\n'
must_fail '$ printf "heed: a\\n\\n" >&2; exit 2\nexit 2: ...\n'
must_fail '$ echo A | heed clean --case lower\n> A\n'
must_fail '$ echo A | heed clean --case lower\n> a\n> b\n'
exit $failed
