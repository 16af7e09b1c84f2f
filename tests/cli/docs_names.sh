#!/bin/sh
# The documents about the source name files and functions that exist: `src/network/chunk.c` and `chunk.c`,
# `trainer_gradient` and `HEED_STATUSES`. Links of all documents lead to files, and to headings in them. And the check
# bites: it finds each fault in a bad document.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sources="src include cli server program tests bench examples tools docs"

# What is between backticks outside of code blocks, without blanks, a line each.
named() {
    awk '/^( *```)/ { block = !block } !block && !/^    /' "$1" | grep -o '`[^` ]*`' | tr -d '`' | sort -u
}

# Files: from the root, from src/, or a name that some folder has.
missing_files() {
    named "$1" | grep -E '^[a-z0-9_./-]+\.(c|h|sh|py|md|txt)$' | while read -r file; do
        [ -e "$file" ] || [ -e "src/$file" ] || grep -q "/$file\$" "$work/files" || echo "$1: there is no file $file"
    done
}

# Words with an underscore: functions, types, members, macros. `thing_init` and its like mean those of any type.
missing_names() {
    named "$1" | sed "s/(.*)$//" | grep -v "^thing_" | grep -E '^([a-z0-9]+(_[a-z0-9]+)+|[A-Z0-9]+(_[A-Z0-9]+)+)$' | while read -r name; do
        grep -qw "$name" "$work/words" || echo "$1: no source has the name $name"
    done
}

# Links to files, from the document's folder.
missing_links() {
    grep -o '](\([^)#:]*\)[)#]' "$1" | sed 's/^](//; s/[)#]$//' | sort -u | while read -r file; do
        [ -z "$file" ] || [ -e "$(dirname "$1")/$file" ] || echo "$1: the link to $file leads nowhere"
    done
}

# The anchors of a document's headings, as GitHub makes them: small letters, digits, - and _, with - for a blank.
anchors() {
    awk '/^ *```/ { block = !block } !block && /^#+ /' "$1" | sed 's/^#* //' | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'
}

# Links to headings: "file.md#part" and "#part".
missing_anchors() {
    grep -o '](\([^)#:]*\)#[^)]*)' "$1" | sed 's/^](//; s/)$//' | sort -u | while IFS='#' read -r file part; do
        page=$1
        [ -z "$file" ] || page=$(dirname "$1")/$file
        [ ! -f "$page" ] || anchors "$page" | grep -qx -e "$part" || echo "$1: $page has no heading for the link to #$part"
    done
}

# A list of contents, which is a list of links before the first section, has all sections, in their order.
wrong_contents() {
    awk '
    /^ *```/ { block = !block }
    block { next }
    /^- \[.*\]\(#[^)]*\)$/ && sections == 0 {
        sub(/^- \[/, "")
        sub(/\]\(#[^)]*\)$/, "")
        listed[++count] = $0
    }
    /^## / && ++sections && count > 0 && substr($0, 4) != listed[sections] {
        print FILENAME ": its contents have \"" listed[sections] "\" in place of the section \"" substr($0, 4) "\""
        exit
    }' "$1"
}

links() {
    wrong_contents "$1"
    missing_links "$1"
    missing_anchors "$1"
}

faults() {
    missing_files "$1"
    missing_names "$1"
    links "$1"
}

find $sources -type f >"$work/files"
{ # names of tests and scripts are words too
    find src include cli server program tests/unit -name '*.[ch]' -exec cat {} +
    sed 's/.*\///; s/\..*//' "$work/files"
} | grep -oE '[A-Za-z0-9]+(_[A-Za-z0-9]+)+' | sort -u >"$work/words"

cat >"$work/bad.md" <<'END'
- [One](#one)
- [Three](#three)

Open `src/network/chunk.c`, `chunk.c`, `network/chunk.h`, `trainer_gradient` and `HEED_STATUSES`, `src/WORD_format.c`.
# A heading, `with` code

[A link](files) and [another](https://example.org/x). Not [this](no/such/file.c#part).
[A part](#a-heading-with-code), not [a part](#no-heading).
Not `src/network/chunks.c`, `nowhere.c`, `trainer_gradients`, `run_nothing(x)` or `HEED_NO_SUCH_NAME`.

    `indented_is_a_code_block.c`

## One
## Two
## Three
END
found=$(faults "$work/bad.md" | wc -l)
[ "$found" -eq 8 ] || { echo "docs_names.sh: found $found of 8 faults in a bad document; mend this script"; exit 1; }

all=$(for document in docs/READING.md docs/ARCHITECTURE.md CONTRIBUTING.md; do
    [ -s "$document" ] || echo "$document is not here"
    faults "$document"
done
for document in README.md SECURITY.md docs/*.md; do
    links "$document"
done)
[ -z "$all" ] || { echo "$all"; exit 1; }
