"""The signer's process, composed: `python -m ledger.store.signer_process CONFIG`.

The composition stands here and not in `ledger.log`, which knows no database (house.md §1).
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import AcervoError
from ledger.log.policy import Policy
from ledger.log.publisher import PUBLISH_INTERVAL_S, Publisher
from ledger.log.service import CADENCE_S, SignerService, serve
from ledger.log.signer import LogSigner, found_state, load_key, reset_from_checkpoint
from ledger.log.witness import WitnessClient
from ledger.store.log_reader import LogConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.crypto.note import Checkpoint

_log = logging.getLogger(__name__)
EXIT_REFUSED = 3


@dataclass(frozen=True, slots=True)
class SignerConfig:
    """What a signer needs to know.

    Attributes:
        database_url: URL of the role `acervo_app`.
        origin: The log's name.
        key_file: The log's private key, mode 0600.
        state_directory: Where the signer remembers; outside PostgreSQL's directory.
        socket: Path of the Unix socket.
        published: File that holds the last published checkpoint.
        policy: File of a policy whose witnesses with a URL are asked for cosignatures; empty for none.
        cadence_s: A checkpoint is published at least this often, seconds.
        publish_interval_s: And at most this often.
    """

    database_url: str
    origin: str
    key_file: str
    state_directory: str
    socket: str
    published: str
    policy: str = ""
    cadence_s: float = CADENCE_S
    publish_interval_s: float = PUBLISH_INTERVAL_S

    @classmethod
    def read(cls, path: Path) -> SignerConfig:
        """Read a configuration file; it holds a password, so it should be of mode 0600.

        Raises:
            AcervoError: ``signer-config-invalid``.
        """
        try:
            return cls(**json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise AcervoError("signer-config-invalid", f"{path}: {error}") from error

    def write(self, path: Path) -> None:
        """Write the configuration file, mode 0600."""
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def found(config: SignerConfig) -> None:
    """Make the memory of a new ledger's signer, before entry 0 is appended.

    Raises:
        SignerRefusedError: as :func:`ledger.log.signer.found_state`.
    """
    reader = LogConnection(config.database_url)
    try:
        found_state(Path(config.state_directory), load_key(Path(config.key_file), config.origin), reader)
    finally:
        reader.close()


def reset(config: SignerConfig, note: bytes) -> Checkpoint:
    """Make a lost memory again from a published checkpoint.

    Raises:
        SignerRefusedError: as :func:`ledger.log.signer.reset_from_checkpoint`.
        UntrustedInputError: The note is no checkpoint of this log.
    """
    reader = LogConnection(config.database_url)
    try:
        key = load_key(Path(config.key_file), config.origin)
        return reset_from_checkpoint(Path(config.state_directory), key, reader, note)
    finally:
        reader.close()


def run(config: SignerConfig, step: Callable[[str], None] = lambda _: None) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        config: What to serve.
        step: Told each step's name, for tests of crashes.

    Raises:
        SignerRefusedError: The database is not the one that was signed; the message says what to do.
        StoreError: The database cannot be reached.
    """
    key = load_key(Path(config.key_file), config.origin)
    readers = [LogConnection(config.database_url) for _ in range(3)]
    witnesses = _witnesses(config)
    published = Path(config.published)
    published.parent.mkdir(parents=True, exist_ok=True)
    try:
        signer = LogSigner.open(Path(config.state_directory), key, readers[0], published, witnesses)
        for notice in signer.notices:
            _log.warning("signer: %s", notice)
        publisher = Publisher(
            published, readers[1], witnesses, readers[2], interval_s=config.publish_interval_s, step=step
        )
        service = SignerService(signer, publisher, cadence_s=config.cadence_s, step=step)
        serve(service, publisher, signer, Path(config.socket))
    finally:
        for reader in readers:
            reader.close()


def _witnesses(config: SignerConfig) -> list[WitnessClient]:
    if not config.policy:
        return []
    policy = Policy.parse(Path(config.policy).read_bytes())
    return [WitnessClient(w.key, w.url) for w in policy.witnesses if w.url]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a signer from its configuration file; 0 after an orderly end, 3 when it refuses, 2 for a wrong call."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if len(words) != 1:
        names = ", ".join(f.name for f in fields(SignerConfig))
        sys.stderr.write(f"usage: python -m ledger.store.signer_process CONFIG.json   ({names})\n")
        return 2
    try:
        run(SignerConfig.read(Path(words[0])))
    except AcervoError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":  # pragma: no cover  tests call main, and run this as a process
    sys.exit(main())
