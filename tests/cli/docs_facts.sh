# What the documents list and the program has in tables of its own: layers, formats, methods, defaults, metrics of the
# server, its statuses, the presets, the rooms of the source. A list that lacks a line of the table fails, and a name in a
# list that the program does not have.
. "$(dirname "$0")/lib.sh"

# lists NAMES: a line for each name of the file that the document on standard input does not have, as a word.
lacking() { cat > document; while IFS= read -r name; do grep -qF -e "$name" document || echo "no $name"; done < "$1"; }

# expect_all WHAT NAMES DOCUMENT: the document has each name; and there are names.
expect_all() {
    [ -s "$2" ] || wrong "$1: no names"
    lacking "$2" < "$3" > gaps
    [ ! -s gaps ] || wrong "$3: $1: $(cat gaps)"
}
docs=$root/docs

# The words after | of a choice in the help, such as --method a|b.
choices() { "$HEED" "$1" --help | sed -n "s/^  $2 \([a-z|,0-9-]*\)$/\1/p" | tr '|' '\n'; }

cat "$root"/src/network/*.c | sed -n 's/.*\.keyword = "\([^"]*\)".*/`\1/p' > layers
expect_all "layers" layers "$docs/LAYERS.md"

choices explain --method | grep -v auto | sed 's/.*/| `&` |/' > methods
expect_all "methods" methods "$docs/USAGE.md"

"$HEED" train --help | sed -n '/^  --format/,/^  --encoding/p' | grep -o '\.[a-z][a-z]*' | sort -u | sed 's/.*/`&`/' > extensions
sed -n '/^## Which rows/,/^## Labels/p' "$docs/USAGE.md" > formats.md
expect_all "extensions" extensions formats.md
choices train --encoding > encodings
expect_all "encodings" encodings "$docs/USAGE.md"

# The presets: what is in both columns of their table. fact KEY PRESET, without quotes.
fact() { "$HEED" train --preset "$2" --show-config | sed -n "s/^  \"$1\": \"*\([^\",]*\)\"*,*$/\1/p"; }
for preset in default tutorial; do
    fact architecture $preset | sed 's/|/\\|/g'
    fact max-words $preset | sed 's/\([0-9]\{3\}\)$/,\1 ids/'
    fact max-length $preset
done > values
sed -n '/^## The presets/,/^The tutorial preset/p' "$docs/USAGE.md" > presets.md
expect_all "presets" values presets.md

# Tables of options with their defaults: "| `--a`, `--b` | x, y | ..." says what the help of the command says.
default_of() { # COMMAND OPTION
    "$HEED" "$1" --help | awk -v option="$2" '
        /^  -/ { inside = index($0 " ", "  " option " ") == 1 }
        inside { text = text " " $0 }
        END { if (sub(/.*\(default: /, "", text)) { sub(/\).*/, "", text); gsub(/  */, " ", text); print text } }'
}
check_defaults() { # COMMAND DOCUMENT
    sed -n '/^| option | default |/,/^$/p' "$2" | sed '1,2d' > options
    [ "$(wc -l < options)" -gt 4 ] || wrong "$2: no table of options and defaults"
    while IFS='|' read -r none names values rest; do
        [ -n "$names" ] || continue
        place=1
        for name in $(echo "$names" | grep -o -e '--[a-z-]*'); do
            case $names in
            *,*) value=$(echo "$values" | awk -F ', ' -v place=$place '{ gsub(/^ +| +$/, ""); print $place }') ;;
            *) value=$(echo "$values" | sed 's/^ *//; s/ *$//') ;;
            esac
            found=$(default_of "$1" "$name")
            [ -n "$found" ] && [ "$value" = "$found" ] || wrong "$2: $name: found the default '$value', expected '$found'"
            place=$((place + 1))
        done
    done < options
}
check_defaults serve "$docs/SERVE.md"
check_defaults vectors "$docs/VECTORS.md"

# What the server counts, and its answers that are errors, in both directions.
cat "$root"/server/*.c | grep -o '"heed_[a-z_]*["{ ]' | grep -o 'heed_[a-z_]*' | sort -u > counted
grep -o '`heed_[a-z_]*[`{]' "$docs/SERVE.md" | grep -o 'heed_[a-z_]*' | sort -u > listed
cmp -s counted listed || wrong "SERVE.md: metrics of the server: $(diff counted listed)"
sed -n '/statuses\[STATUS_COUNT\]/,/;/p' "$root/server/metrics.c" | grep -o '[45][0-9][0-9]' | sort -u > statuses
sed -n '/^| status |/,/^$/p' "$docs/SERVE.md" | sed 's/^| \([0-9, ]*\) |.*/\1/' | grep -o '[45][0-9][0-9]' | sort -u > listed
[ -s statuses ] && cmp -s statuses listed || wrong "SERVE.md: statuses: $(diff statuses listed)"

# The rooms of the source.
ls -d "$root"/src/*/ | sed 's|.*/src/\([a-z]*\)/|`\1/`|' > rooms
expect_all "rooms" rooms "$docs/ARCHITECTURE.md"
sed 's|`\([a-z]*\)/`|[src/\1](src/\1)|' rooms > folders
expect_all "folders" folders "$root/README.md"

# A gap is noticed.
printf '`.tsv`\n' > short.md
lacking extensions < short.md | grep -q jsonl || wrong "a gap is not noticed"
sed 's/^| `--port`/| `--no-port`/; s/| 512 |/| 513 |/' "$docs/SERVE.md" > changed.md
before=$failed
check_defaults serve changed.md > noticed
failed=$before
grep -q "'513', expected '512'" noticed || wrong "a wrong default is not noticed"
exit $failed
