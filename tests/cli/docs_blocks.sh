# The blocks of the documents are what their commands print today; docs/blocks.py says how, and renews them. And it bites:
# each fault of a bad page is found, a good page is not.
. "$(dirname "$0")/lib.sh"
has_command python3 || skip "python3 is not here"
[ -z "${SANITIZE-}" ] || skip "the documents' trainings take minutes under sanitizers"
export HEED PYTHONDONTWRITEBYTECODE=1

# check PAGE: the text on standard input as a page; what is said of it goes to out.
check() {
    cat > page.md
    python3 "$root/docs/blocks.py" check "$work/page.md" > out 2>&1
}
good() { check || wrong "a good page: $(cat out)"; }
bad() { # PIECE: of what is said
    if check; then wrong "not noticed: $(cat page.md)"; fi
    grep -qF -e "$1" out || wrong "no '$1' in: $(cat out)"
}
fence='```'

good << END
${fence}console
\$ printf 'a 1\nb 2\nc 3\n'
a 1
...
c 3
\$ echo two \\
    lines
two lines
$fence

${fence}console form
\$ printf 'loss  0.25  12.5s\nepoch 1\nepoch 2\n'
loss 1e-3 3s
epoch 7
$fence

${fence}json own.json
{"epochs": 3}
$fence

${fence}console
\$ cat own.json
{"epochs": 3}
$fence

<!-- from: echo made -->
${fence}text
made
$fence

${fence}console parse
\$ heed predict m.safetensors < x | tail -n 1
$fence

${fence}architecture
embed 4 | lstm 3 | max
$fence

${fence}c
#include <heed.h>
heed_status f(void);
$fence

Options: \`--epochs 3\`, \`heed train --train FILE\`.
END
bad "page.md:3: expected 'b', found 'a'" << END
${fence}console
\$ echo a
b
$fence
END
bad "expected 'a 2'" << END
${fence}console
\$ echo a 1
a 2
$fence
END
bad "expected 'gain 1'" << END
${fence}console form
\$ echo loss 1
gain 1
$fence
END
bad "found 'b'" << END
${fence}console
\$ printf 'a\nb\n'
a
$fence
END
bad "expected 'the end', found 'a'" << END
${fence}console
\$ echo a
$fence
END
bad "no such line" << END
${fence}console
\$ printf 'a\nb\nc\n'
a
...
d
...
$fence
END
bad "exit status 3" << END
${fence}console run
\$ heed inspect nothing.safetensors
$fence
END
bad "unknown option" << END
${fence}console parse
\$ echo x | heed predict m.safetensors --no-such-option
$fence
END
bad "unknown option" << END
${fence}console form slow
\$ heed train --no-such-option
rows: 1
$fence
END
bad "expected 'old'" << END
<!-- from: echo new -->
${fence}text
old
$fence
END
bad "no JSON" << END
${fence}json
{"epochs": 3,}
$fence
END
bad "no layer is called" << END
${fence}architecture
embed 4 | no 3 | max
$fence
END
bad "error" << END
${fence}c
#include <heed.h>
int f(void) { return heed_no_such_function(); }
$fence
END
bad "indented block" << END
Text.

    heed train
END
bad "found the fence" << END
${fence}sh
heed train
$fence
END
bad "found the fence" << END
${fence}console slowly
\$ echo
$fence
END
bad "make it a console" << END
${fence}text
\$ heed train
$fence
END
bad "no end of this block" << END
${fence}text
a
END
bad "there is no option --epoch" << END
Use \`--epoch 3\`.
END
bad "there is no option --top-k" << END
Use \`heed train --top-k 3\`.
END
bad "no command trains" << END
Use \`heed trains\`.
END

# Renewing writes what is printed into the page, with its gaps, and then it fits.
cat > page.md << END
${fence}console
\$ printf 'a\nb\nc\nd\n'
x
...
y
$fence
  ${fence}console
  \$ echo new
  old
  $fence
END
python3 "$root/docs/blocks.py" renew "$work/page.md" > out || wrong "renew: $(cat out)"
printf '%s\n' "${fence}console" "\$ printf 'a\\nb\\nc\\nd\\n'" a ... d "$fence" "  ${fence}console" '  $ echo new' '  new' "  $fence" |
    cmp -s - page.md || wrong "renewed: $(cat page.md)"

# A scene whose data is not here is said, and no fault.
mkdir -p "$work/docs/scenes" && cp "$root/docs/blocks.py" docs/ && echo 'echo no data here; exit 77' > docs/scenes/none.sh
printf '%s\n' '<!-- scene: none -->' '' "${fence}console" '$ echo a' b "$fence" > none.md
python3 docs/blocks.py check none.md > out && grep -qF "none.md:3: skipped: no data here" out || wrong "a skip: $(cat out)"

python3 "$root/docs/blocks.py" check > said 2>&1 || wrong "$(grep -v ' skipped: ' said)"
tail -n 1 said
exit $failed
