"""`python -m tests.bench [--quick] [--only NAME]… [--write FILE]`: measure, print a table, say what was missed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import (
    auditing,
    certificates,
    importing,
    loading,
    registries,
    scaling,
    searching,
    serving,
    sharding,
    submitting,
    telling,
    year,
)
from tests.bench.harness import Bench, Section
from tests.bench.page import render
from tests.bench.server import Server, durable_server, scratch_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MEASUREMENTS: Mapping[str, Callable[[Bench, Server], Section]] = {
    "submitting": submitting.measure,
    "serving": serving.measure,
    "scaling": scaling.measure,
    "auditing": auditing.measure,
    "sharding": sharding.measure,
    "telling": telling.measure,
    "year": year.measure,
    "loading": loading.measure,
    "registries": registries.measure,
    "importing": importing.measure,
    "searching": searching.measure,
    "certificates": certificates.measure,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the measurements; 0 whether or not goals are met: the document says which."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure this ledger on this machine.")
    parser.add_argument("--quick", action="store_true", help="small inputs, three repetitions")
    parser.add_argument("--only", action="append", choices=sorted(MEASUREMENTS), help="only this one; may be repeated")
    parser.add_argument(
        "--write",
        type=Path,
        help="write the document there, with --only keeping its other sections; else it is printed",
    )
    options = parser.parse_args(argv)
    with scratch_directory() as directory, durable_server(directory) as server:
        bench = Bench(directory, quick=options.quick)
        sections: list[Section] = []
        target: Path | None = options.write
        before = target.read_text(encoding="utf-8") if options.only and target is not None and target.exists() else ""
        document = ""
        for name, measurement in MEASUREMENTS.items():
            if not options.only or name in options.only:
                bench.say(f"— {name}")
                sections.append(measurement(bench, server))
                document = render(sections, server.version, quick=options.quick, before=before)
                if target is not None:  # section by section: who breaks off has those that are done
                    target.write_text(document, encoding="utf-8")
                    bench.say(f"written: {target}")
    if target is None:
        sys.stdout.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
