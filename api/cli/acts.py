"""`acervo act`: hand acts in, see their schemas, see what stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import FINDINGS, DataDir, fail, opened, read_bytes, say
from api.cli.submitting import Office, officer_at, submit_signed
from api.cli.tokens import KeyLabel, Module, TokenLabel, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.system import System
    from ledger.application import Recorded

app = typer.Typer(no_args_is_help=True, help="Actos: firmar, asentar, ver, esquemas. / Acts.", rich_markup_mode=None)


@app.command("submit")
def submit(
    files: Annotated[list[Path], typer.Argument(help="Archivos JSON como los de POST /api/v1/acts; - es la entrada.")],
    receipts: Annotated[Path | None, typer.Option(help="Directorio para los recibos .tlog-proof.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Asienta actos firmados: un sobre o un lote por archivo. / Records signed acts.

    Ejemplo:  acervo act submit acto.json --receipts recibos/
    """
    from api.submission import parse_submission

    with opened(data_dir) as system:
        for file in files:
            recorded = system.submit(parse_submission(read_bytes(file)))
            for item in recorded:
                say("cli-recorded", index=item.index, recorded_at=item.recorded_at)
            if receipts is not None:
                _keep(system, recorded, receipts)


@app.command("sign")
def sign(
    type_name: Annotated[str, typer.Argument(metavar="TIPO", help="Tipo, p. ej. SeriesOpened/1. / Act type.")],
    data: Annotated[str, typer.Argument(metavar="DATOS", help="JSON de `data`, o @archivo. / JSON, or @file.")],
    office: Office,
    key: Annotated[
        Path | None, typer.Option("--key", help="Llave privada con que se firma (PEM). / Private key.")
    ] = None,
    sealed: Annotated[str, typer.Option(help="JSON de valores sellados, o @archivo. / Sealed values.")] = "{}",
    basis: Annotated[list[str] | None, typer.Option(help="Flujo en que se apoya. / Stream relied upon.")] = None,
    occurred_at: Annotated[str | None, typer.Option(help="Cuándo ocurrió; por omisión ahora. / When.")] = None,
    pkcs11: Module = None,
    token_label: TokenLabel = None,
    key_label: KeyLabel = None,
    data_dir: DataDir = None,
) -> None:
    """Compone, firma y asienta un acto. / Composes, signs and records one act.

    Ejemplo:  acervo act sign SeriesOpened/1 '{"body":"hcd","series":"agreement.2026","first":19}'
    --key secretaria.pem --office designation/hcd/secretario/1
    """
    from ledger.acts import parse_act

    act = parse_act(type_name, _json(data))
    source = source_of(key, pkcs11, token_label, key_label)
    with officer_at(source, office) as officer, opened(data_dir) as system:
        placed = submit_signed(system, act, officer, sealed=_json(sealed), basis=basis or (), occurred_at=occurred_at)
    say("cli-recorded", index=placed.index, recorded_at=placed.recorded_at)


@app.command("schema")
def schema(
    type_name: Annotated[
        str | None, typer.Argument(metavar="TIPO", help="p. ej. VoteOpened/1; sin él, la lista. / Act type.")
    ] = None,
) -> None:
    """Muestra qué se puede firmar: esquema, quién firma, valores sellados. / What can be signed.

    Ejemplo:  acervo act schema VoteOpened/1
    """
    from api.act_types import describe, summary
    from ledger.acts import act_types

    if type_name is None:
        for cls in act_types().values():
            row = summary(cls)
            print(f"{row['type']:34} {row['stream']}")
        return
    found = describe(type_name)
    if found is None:
        fail("unknown-type", type=type_name)
    print(json.dumps(found, indent=2, ensure_ascii=False))


@app.command("show")
def show(
    index: Annotated[int, typer.Argument(min=0, help="Índice del acto. / Its index.")],
    raw: Annotated[bool, typer.Option("--raw", help="Los octetos tal como están. / The bytes as they are.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Muestra un acto asentado. / Shows a recorded act.

    Ejemplo:  acervo act show 0
    """
    from ledger.statement import Entry

    with opened(data_dir) as system:
        found = system.entries(index, 1)
    if not found:
        fail("not-found", FINDINGS, what=f"acts/{index}")
    if raw:
        print(found[0].decode("utf-8", "replace"))
        return
    entry = Entry.parse(found[0])
    shown = {"index": entry.index, "recorded_at": entry.recorded_at, "statement": json.loads(entry.act.statement.raw)}
    print(json.dumps(shown, indent=2, ensure_ascii=False))


def _json(argument: str) -> dict[str, object]:
    text = read_bytes(Path(argument[1:])).decode() if argument.startswith("@") else argument
    try:
        value = json.loads(text)
    except ValueError as error:
        fail("bad-json", why=str(error))
    if not isinstance(value, dict):
        fail("bad-json", why="{…}")
    return value


def _keep(system: System, recorded: Sequence[Recorded], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    timeout_s = system.settings.receipt_timeout_ms / 1000
    for receipt in system.receipts(recorded, timeout_s):
        (directory / f"{receipt.index}.tlog-proof").write_text(receipt.format())
