"""`python -m ledger.verify`: see `command.py`."""

import sys

from ledger.verify.command import run
from ledger.verify.pool import calm_collector

if __name__ == "__main__":
    calm_collector()
    sys.exit(run(sys.argv[1:]))
