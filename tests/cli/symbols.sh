# The library shows what heed.h declares, and nothing else.
. "$(dirname "$0")/lib.sh"
set -e
cd "$root"
has_command nm || skip "nm (binutils) is not here"
[ -n "${LIBHEED-}" ] || skip "LIBHEED names no library"

# Sanitizers add names that begin with __.
nm -D --defined-only "$LIBHEED" | awk '$NF !~ /^__/ { print $NF }' | sort -u >"$work/exported"
tr '\n' ' ' <include/heed.h | tr ';' '\n' | sed -n 's/.*HEED_API [^(]*[ *]\(heed_[a-z0-9_]*\)(.*/\1/p' | sort -u >"$work/declared"
[ "$(wc -l <"$work/declared")" -ge 40 ] || { echo "symbols.sh: found too few functions in heed.h; mend this script"; exit 1; }

missing=$(comm -13 "$work/exported" "$work/declared")
strange=$(comm -23 "$work/exported" "$work/declared")
[ -z "$missing" ] || printf 'declared in heed.h, not exported:\n%s\n' "$missing"
[ -z "$strange" ] || printf 'exported, not declared in heed.h:\n%s\n' "$strange"
[ -z "$missing$strange" ]
