"""A signer to be killed: the real one, with a hook at its steps. `python -m tests.faults.signer CONFIG PLAN`."""

from __future__ import annotations

import sys
from pathlib import Path

from ledger.store.signer_process import SignerConfig, run
from tests.faults.steps import FileSteps

if __name__ == "__main__":
    run(SignerConfig.read(Path(sys.argv[1])), FileSteps(Path(sys.argv[2])).done)
