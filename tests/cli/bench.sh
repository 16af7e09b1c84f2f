# The measuring programs of bench/ keep up with heed: what of them needs no peer.
. "$(dirname "$0")/lib.sh"
set -e
cd "$tests"
has_command python3 || skip "python3 is not here"
case ${SANITIZE-} in *thread*) skip "nothing of it is about threads' races" ;; esac
PYTHONDONTWRITEBYTECODE=1 python3 ../bench/selftest.py "$BUILD/bench/heed_steps"
