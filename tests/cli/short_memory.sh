# Commands while allocations fail, by a preloaded library: each ends with status 1 and a line about memory, or did not need
# the allocation and prints what it always prints. It never ends by a signal, never says that a good file is broken, and
# leaves a file that it was to replace. A server whose allocations fail goes on.
. "$(dirname "$0")/lib.sh"
[ -z "${SANITIZE-}" ] || skip "a sanitizer has its own malloc"
ldd "$HEED" > libraries || skip "no ldd"
! grep -q libjansson libraries || skip "built with the shared library of jansson, which may end the process"
"${CC:-cc}" -std=gnu11 -O1 -shared -fPIC "$tests/memory/failing_malloc.c" -o fail.so 2> err || skip "no malloc to replace: $(head -n 1 err)"

printf 'label\ttext\naa\tup cat no\nbb\tno dog\naa\tcat\nbb\tno\n' > rows.tsv
printf '{"label": "aa", "text": "up cat \\u00e4", "n": 123456789012345678901234567890}\n{"label": "bb", "text": "no"}\n' > rows.jsonl
printf '{"epochs": 1, "quiet": true, "validation": "none", "min-count": 1, "max-length": 4, "threads": 1,
 "architecture": "embed 2 | bilstm 2 | attention additive 2"}\n' > tiny.json
"$HEED" train --config tiny.json --train rows.tsv --model good.st || exit 1
echo "what was there" > old

# fails BEFORE STEP ARGUMENTS...: heed with every STEPth allocation failing, by turns only that one and all from it on. Each
# call finds BEFORE (- for nothing) in m.st.
fails() {
    before=$1 step=$2
    shift 2
    rm -f count m.st
    [ "$before" = - ] || cp "$before" m.st
    LD_PRELOAD=$work/fail.so FAIL_COUNT=count "$HEED" "$@" > whole 2> err || { wrong "$*: status $?: $(cat err)"; return; }
    [ -s count ] || skip "nothing can be preloaded"
    [ "$before" = - ] || cp m.st after
    count=$(cat count) failures=0 number=1 ever=
    while [ "$number" -le "$count" ]; do
        [ "$before" = - ] || cp "$before" m.st
        LD_PRELOAD=$work/fail.so FAIL_AT=$number FAIL_EVER=$ever "$HEED" "$@" > out 2> err < /dev/null
        status=$? expected=after
        if [ $status -eq 1 ] && tail -n 1 err | grep -q memory; then
            failures=$((failures + 1)) expected=$before
        elif [ $status -ne 0 ] || ! cmp -s out whole; then
            wrong "heed $*: allocation $number of $count${ever:+ and all after it}: status $status: $(tail -n 1 err)"
        fi
        [ "$before" = - ] || cmp -s m.st $expected || wrong "heed $*: allocation $number: status $status, and m.st is not as $expected"
        [ -n "$ever" ] && ever= || ever=1
        number=$((number + step))
    done
    [ $failures -gt 2 ] || wrong "heed $*: only $failures failures at $count allocations"
}

fails old 23 train --config tiny.json --train rows.tsv --model m.st
fails good.st 83 explain m.st --faithfulness rows.tsv --store --threads 1
fails - 47 inspect good.st --json
fails - 59 predict good.st rows.jsonl --threads 1 --append
fails - 73 evaluate good.st rows.tsv --threads 1 --json
fails - 61 explain good.st --text "up cat" --threads 1 --json
fails - 17 train --config tiny.json --train rows.jsonl --model m.st --show-config
fails - 13 clean --json rows.jsonl
gzip rows.jsonl
fails - 11 clean rows.jsonl.gz

# A contender that has no memory is told in the table, as any failure of a training is, so the status may be 0.
contend() {
    LD_PRELOAD=$work/fail.so FAIL_AT=$1 "$HEED" compare --config tiny.json --train rows.tsv --seeds 1 --validation 0.5 --against \
        '{"patience": 3, "batch-size": 4, "epochs": 1, "learning-rate": 0.01, "seed": 3, "optimizer": "adam", "clip-norm": 1,
          "class-weights": "none", "schedule": "constant", "label-smoothing": 0.1}' > out 2> err
}
contend 0 || wrong "compare: status $?: $(cat err)"
for number in 2 7 12 17 22 27 32 37 42 47 60 80 200 400; do
    contend $number
    status=$?
    [ $status -le 1 ] || wrong "compare: allocation $number: status $status: $(cat err)"
done

has_command python3 || exit $failed
HEED=$HEED PYTHONPATH=$tests/cli python3 - <<'END' || failed=1
import http.client, os, signal
from serving import Server

asked = [("/v1/models/good:explain", {"instances": ["up cat no", "x"]}), ("/", {"inputs": "up cat"}),
         ("/v2/models/good/infer", {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["no dog"]}]})]
seen = set()
for each in 29, 211:
    env = {"LD_PRELOAD": os.getcwd() + "/fail.so", "FAIL_EACH": str(each)}
    with Server("good=good.st", "--threads", "1", env=env) as server:
        whole = [server.ask("POST", *request)[::2] for request in asked]
        assert all(status == 200 for status, _ in whole), whole
        server.tell(signal.SIGUSR1)
        for i in range(60):
            try:
                status, _, body = server.ask("POST", *asked[i % len(asked)])
            except (http.client.HTTPException, OSError):
                continue  # no memory for a connection
            seen.add(status)
            assert status in (500, 503) or (status, body) == whole[i % len(asked)], (each, i, status, body)
            assert server.process.poll() is None, f"each {each}: ended with {server.process.returncode}"
        server.tell(signal.SIGUSR2)
        assert [server.ask("POST", *request)[::2] for request in asked] == whole, "other answers than before"
assert {200, 503} <= seen, seen
END
