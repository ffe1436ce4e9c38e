"""`acervo log`: the public key, the checkpoint, proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import FINDINGS, DataDir, fail, opened

app = typer.Typer(
    no_args_is_help=True, help="Bitácora: llave, punto de control, pruebas. / The log.", rich_markup_mode=None
)


@app.command("vkey")
def vkey(data_dir: DataDir = None) -> None:
    """Imprime la llave pública que firma los puntos de control. / Prints the log's public key.

    Publíquela también por otro medio: de ella depende toda comprobación.

    Ejemplo:  acervo log vkey
    """
    with opened(data_dir) as system:
        for key in system.keys:
            print(key.vkey)


@app.command("checkpoint")
def checkpoint(data_dir: DataDir = None) -> None:
    """Imprime el punto de control más reciente; guárdelo: sirve para descubrir a quien cambie el pasado.

    Prints the newest checkpoint; keep it.

    Ejemplo:  acervo log checkpoint > control-$(date +%F)
    """
    with opened(data_dir) as system:
        print(system.checkpoint(system.size()), end="")


@app.command("proof")
def proof(
    index: Annotated[int, typer.Argument(min=0, help="Índice del acto. / Its index.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Archivo; por omisión, la salida. / File.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Imprime la prueba de un acto (.tlog-proof): sirve sin preguntar a nadie. / Prints an act's proof.

    Ejemplo:  acervo log proof 0 -o fundacion.tlog-proof
    """
    from api.problems import ApiError

    with opened(data_dir) as system:
        try:
            text = system.proof(index)
        except ApiError as error:
            fail(error.code, FINDINGS, **error.params)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text)
