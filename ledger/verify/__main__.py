"""`python -m ledger.verify`: see `command.py`."""

import sys

from ledger.verify.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
