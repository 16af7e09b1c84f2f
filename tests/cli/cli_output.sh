# A full disk, a closed standard output and a closed pipe are failures. What a command line can do wrong is in
# tests/cases/usage.
. "$(dirname "$0")/lib.sh"

if [ -w /dev/full ]; then
    echo x | "$HEED" predict "$tests/models/linear2.safetensors" > /dev/full 2> error
    expect "status of predict to a full disk" $? 1
    echo text | "$HEED" clean > /dev/full 2> error && wrong "a full disk went unnoticed"
    grep -q 'No space left' error || wrong "a full disk: $(cat error)"
fi
"$HEED" --help >&- 2> /dev/null && wrong "a closed standard output went unnoticed"
i=0
while [ $i -lt 20000 ]; do echo "a line of text to be cleaned, number $i"; i=$((i + 1)); done > many.txt
{ "$HEED" clean many.txt 2> error; echo $? > status; } | head -1 > /dev/null
[ -s error ] && wrong "a closed pipe: $(cat error)"
[ "$(cat status)" -eq 1 ] || wrong "a closed pipe: status $(cat status), expected 1"
exit $failed
