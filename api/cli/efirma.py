"""What `acervo demo --efirma` prints: the files that it made, and every command that signs a paper with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.common import opened, say
from api.demo.efirma import PASSWORD, hand_out
from api.invoked import address, program, shown
from ledger.texts import text

if TYPE_CHECKING:
    from pathlib import Path

_PAPER, _TREE = "certificacion.pdf", "publicado"
_STEPS = {
    "cli-demo-efirma-prepare": "{acervo} document prepare certificacion {certificate} {paper} --data-dir {data_dir}",
    "cli-demo-efirma-sign": "{acervo} document sign {paper} --certificate {folder}/secretaria.cer"
    " --key {folder}/secretaria.key --chain {folder}/ac.cer",
    "cli-demo-efirma-keep": "{acervo} document keep certificacion {certificate} {paper} --data-dir {data_dir}\n"
    "{acervo} certificate render --latest entrega.pdf --data-dir {data_dir}",
    "cli-demo-efirma-verify": "{acervo} export log {tree} --data-dir {data_dir}\n"
    "{acervo} verify entrega.pdf --root {folder}/raiz.cer --policy {tree}/policy.txt",
    "cli-demo-efirma-browser": "{url}/firmar",
}
"""Step by step, the code of the sentence that says what it does, and what to type."""


def print_efirma(data_dir: Path | None) -> None:
    """Let the demo's secretary have an e.firma, and say what to do with it."""
    with opened(data_dir) as system:
        done, settings = hand_out(system), system.settings
    acts, folder = done.size - done.before, shown(done.folder)
    say("cli-demo-efirma" if acts else "cli-demo-efirma-there", folder=folder)
    say("cli-demo-efirma-files", password=PASSWORD, certificate=done.certificate)
    for code, typed in _STEPS.items():
        print(f"\n  # {text(code, 'es')} / {text(code, 'en')}")
        for line in typed.splitlines():
            filled = line.format(
                acervo=program(),
                certificate=done.certificate,
                data_dir=shown(settings.data_dir),
                folder=folder,
                paper=_PAPER,
                tree=_TREE,
                url=settings.public_url or address(settings.host, settings.port),
            )
            print(f"  {filled}")
    print()
    say("demo-notice")
