#!/bin/sh
# The library shows what heed.h declares, and nothing else.
set -eu
cd "$(dirname "$0")/../.."
command -v nm >/dev/null || { echo "skipped: nm (binutils) is not here"; exit 77; }
[ -n "${LIBHEED-}" ] || { echo "skipped: LIBHEED names no library"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Sanitizers add names that begin with __.
nm -D --defined-only "$LIBHEED" | awk '$NF !~ /^__/ { print $NF }' | sort -u >"$work/exported"
tr '\n' ' ' <include/heed.h | tr ';' '\n' | sed -n 's/.*HEED_API [^(]*[ *]\(heed_[a-z0-9_]*\)(.*/\1/p' | sort -u >"$work/declared"
[ "$(wc -l <"$work/declared")" -ge 40 ] || { echo "symbols.sh: found too few functions in heed.h; mend this script"; exit 1; }

missing=$(comm -13 "$work/exported" "$work/declared")
strange=$(comm -23 "$work/exported" "$work/declared")
[ -z "$missing" ] || printf 'declared in heed.h, not exported:\n%s\n' "$missing"
[ -z "$strange" ] || printf 'exported, not declared in heed.h:\n%s\n' "$strange"
[ -z "$missing$strange" ]
