"""The command line of the verifier: no database, no network (format.md §10).

python -m ledger.verify PATH [options]              verify; PATH may be a public version or a signed PDF
python -m ledger.verify merge PATH PART... [options]   verify with V2–V7 as shards have done them
python -m ledger.verify diff OLD NEW                 consistency, and which acts came between
python -m ledger.verify sample PATH --seed N -n K    random acts with their proofs
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ledger.errors import UntrustedInputError
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.diff import run_diff
from ledger.verify.paper import read_pdf, run_pdf
from ledger.verify.report import UNUSABLE, as_json, as_text, exit_code
from ledger.verify.sample import run_sample
from ledger.verify.shard import Shard, merged, run_shard
from ledger.verify.texts import say
from ledger.verify.trust import Trust, load_trust
from ledger.verify.version import read_version, run_version

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_AGE = re.compile(r"([1-9][0-9]{0,8})([smhd])")
SUBCOMMANDS = ("verify", "merge", "diff", "sample")


def run(argv: Sequence[str], out: TextIO | None = None) -> int:
    """Run the verifier.

    Args:
        argv: Arguments without the program's name.
        out: Where the report goes; standard output by default.

    Returns:
        0 verified, 1 findings, 2 unusable input or not checkable.
    """
    out = sys.stdout if out is None else out
    arguments = list(argv)
    command = arguments.pop(0) if arguments and arguments[0] in SUBCOMMANDS else "verify"
    options = _parser(command).parse_args(arguments)
    try:
        match command:
            case "diff":
                return run_diff(options.old, options.new, out, as_json=options.json, policy=options.policy)
            case "sample":
                return run_sample(options.path, options.seed, options.count, out)
            case _:
                return _verify(options, out)
    except UntrustedInputError as error:
        out.write(say(options.lang, "report", "unusable", code=error.code, detail=error.detail) + "\n")
        return UNUSABLE


def _verify(options: argparse.Namespace, out: TextIO) -> int:
    trust = _trust(options)
    version = read_version(options.path)
    if version is not None:
        return run_version(version, trust, options.lang, out, as_json=options.json)
    pdf = read_pdf(options.path)
    if pdf is not None:
        return run_pdf(pdf, trust, options.lang, out, self_contained=options.self_contained, as_json=options.json)
    with Bundle.open(options.path) as bundle:
        if getattr(options, "shard", None):
            out.write(run_shard(bundle, trust, Shard.parse(options.shard), options.jobs).decode())
            return 0
        given = merged(options.parts) if "parts" in options else None
        outcome = verify(bundle, trust, jobs=options.jobs, given=given)
    if options.json:
        out.write(as_json(outcome, self_contained=options.self_contained).decode())
    else:
        out.write(as_text(outcome, options.lang, self_contained=options.self_contained))
    return exit_code(outcome, self_contained=options.self_contained)


def _trust(options: argparse.Namespace) -> Trust:
    age = None
    if options.max_age is not None:
        match = _AGE.fullmatch(options.max_age)
        if match is None:
            raise UntrustedInputError("age-malformed", options.max_age[:20])
        age = int(match[1]) * _UNITS[match[2]]
    roots, stamping = options.root, options.tsa_root
    return load_trust(
        options.policy, options.founding, options.checkpoint, age, int(time.time()), roots=roots, tsa_roots=stamping
    )


def _parser(command: str) -> argparse.ArgumentParser:
    name = "ledger.verify" if command == "verify" else f"ledger.verify {command}"
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--lang", choices=("es", "en"), default="es", help="idioma del informe")
    if command == "diff":
        parser.add_argument("old", type=Path, help="paquete, directorio o punto de control anterior")
        parser.add_argument("new", type=Path, help="paquete o directorio nuevo")
        parser.add_argument("--policy", type=Path, help="política de firmas obtenida por otra vía")
        parser.add_argument("--json", action="store_true")
        return parser
    parser.add_argument("path", type=Path, help="*.evidencia.zip, directorio, registro, versión pública o PDF firmado")
    if command == "sample":
        parser.add_argument("--seed", type=int, required=True, help="semilla pública, p. ej. un sorteo")
        parser.add_argument("-n", dest="count", type=int, default=10, help="cuántos actos")
        return parser
    if command == "merge":
        parser.add_argument("parts", type=Path, nargs="+", help="archivos de --shard")
    else:
        parser.add_argument("--shard", metavar="i/n", help="solo V2-V7 de una parte; escribe JSON")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="punto de control anterior")
    parser.add_argument("--policy", type=Path, help="política de firmas obtenida por otra vía")
    parser.add_argument("--founding", help="SHA-256 del acto fundacional, obtenido por otra vía")
    parser.add_argument(
        "--root", type=Path, action="append", default=[], help="certificado raíz (DER) obtenido por otra vía"
    )
    parser.add_argument(
        "--tsa-root", type=Path, action="append", default=[], help="raíz (DER) de la autoridad de sellos de tiempo"
    )
    parser.add_argument("--self-contained", action="store_true", help="aceptar los datos de confianza del paquete")
    parser.add_argument("--max-age", metavar="24h", help="antigüedad admitida del punto de control")
    parser.add_argument("--jobs", type=int, help="procesos; 0 = ninguno aparte")
    parser.add_argument("--json", action="store_true", help="informe en JSON")
    return parser
