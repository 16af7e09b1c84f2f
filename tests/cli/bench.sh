# The measuring programs of bench/ keep up with heed: what of them needs no peer.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
case $SANITIZE in *thread*) echo "skipped: nothing of it is about threads' races"; exit 77 ;; esac
PYTHONDONTWRITEBYTECODE=1 exec python3 ../bench/selftest.py "$BUILD/bench/heed_steps"
