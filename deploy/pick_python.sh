#!/bin/sh
# The first Python that newsbeam can run on, as `make` and deploy/README.md use it: its name on standard output, or one
# line on standard error and status 1. Arguments, if given, are the only names that are tried.
#
# Checked: by tests/deploy/test_pick_python.py, with the interpreters that a machine has and with names that fail.

set -eu
# The oldest first: the figures of the documents were measured on it, and the image has it. `python3` comes last, as it
# may be any.
[ $# -gt 0 ] || set -- python3.11 python3.12 python3.13 python3
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.implementation.name != "cpython")'
bare=
for name; do
    # A shim of pyenv is there and fails, so each is run.
    "$name" -c "$fits" 2>/dev/null || continue
    if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$name"
        exit 0
    fi
    bare="$bare $name"
done
if [ -n "$bare" ]; then
    echo "newsbeam:$bare cannot make virtual environments; on Debian and Ubuntu, apt install python3-venv" >&2
else
    echo "newsbeam: needs CPython 3.11, 3.12 or 3.13; tried: $*; install one, or name it: make PYTHON=/path/to/python" >&2
fi
exit 1
