"""The signer's process as a child of ours: the only one that holds the log's private key (format.md §7).

`python -m api.signer`, its configuration over standard input; an operator who wants it elsewhere runs
`python -m ledger.store.signer_process` himself and sets ACERVO_SIGNER_SOCKET.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.embedded import EmbeddedPostgres
from api.processes import run_child
from ledger.log.errors import SignerRefusedError
from ledger.log.signer import load_key
from ledger.log.state import FILE_NAME, read_state
from ledger.store import signer_process
from ledger.store.signer_process import SignerConfig
from ledger.store.store import LedgerStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STATE = "signer"
SOCKET = "socket"
PUBLISHED = "published"


def config_of(data_dir: Path, app_url: str, origin: str, key: Path, policy: Path | None) -> SignerConfig:
    """Return what the signer of a data directory needs to know."""
    return SignerConfig(
        database_url=app_url,
        origin=origin,
        key_file=str(key),
        state_directory=str(data_dir / STATE),
        socket=str(socket_of(data_dir)),
        published=str(data_dir / PUBLISHED / "checkpoint"),
        policy="" if policy is None else str(policy),
    )


def socket_of(data_dir: Path) -> Path:
    """Return the signer's socket."""
    return data_dir / STATE / SOCKET


def main(config: dict[str, Any], say: Callable[[Mapping[str, Any]], None]) -> None:
    """Say the public key and serve until told to stop; or say why the signer refuses.

    Args:
        config: `signer`: the fields of a SignerConfig; `data_dir` where the private PostgreSQL is to be kept alive
            as long as we are.
        say: Tells the parent.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    signer = SignerConfig(**config["signer"])
    with contextlib.ExitStack() as stack:
        if config["data_dir"]:
            server = EmbeddedPostgres(Path(config["data_dir"]))
            server.start()
            stack.callback(server.release)
        try:
            say({"vkey": load_key(Path(signer.key_file), signer.origin).verifier.vkey})
            with LedgerStore(signer.database_url, pool_size=1) as store:
                new = store.head().size == 0
            if new:
                _forget_other_name(Path(signer.state_directory), signer.origin)
                signer_process.found(signer)
            signer_process.run(signer)
        except SignerRefusedError as error:
            logging.getLogger(__name__).critical("%s", error)
            say({"code": error.code, "detail": error.detail})


def _forget_other_name(directory: Path, origin: str) -> None:
    """Take away a memory that never signed anything, made when a founding under another name was tried in vain."""
    state = read_state(directory)
    if state is not None and state.origin != origin and state.peaks.size == 0:
        (directory / FILE_NAME).unlink()


if __name__ == "__main__":
    run_child(main)
