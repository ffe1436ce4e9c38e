"""Every setting of the service, read in one place (house.md §3): nothing else looks at the environment.

`python -m api.settings` prints the table of `docs/settings.md`.
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ledger.crypto.x509 import authorities_in
from ledger.errors import AcervoError
from ledger.ids import MAX_ORIGIN_BYTES, ORIGIN

DEMO_ORIGIN = "actas.idss.example/acervo"
MIB = 1024 * 1024


class SettingsError(AcervoError):
    """A setting cannot be used; `detail` says which and why."""


class Settings(BaseSettings):
    """What an operator may choose. Each field's description stands in docs/settings.md.

    Raises:
        pydantic.ValidationError: a value out of its range; `load` turns it into one sentence.
    """

    model_config = SettingsConfigDict(env_prefix="ACERVO_", extra="ignore", frozen=True, populate_by_name=True)

    data_dir: Annotated[Path, Field(description="Directorio de todo el estado: base privada, llaves, documentos.")] = (
        Path("var")
    )
    port: Annotated[int, Field(ge=0, le=65_535, description="Puerto HTTP; 0 elige uno libre.")] = 8000
    host: Annotated[
        str, Field(description="Dirección en que se escucha; fuera de producción, solo la propia máquina.")
    ] = "127.0.0.1"
    database_url: Annotated[
        SecretStr | None,
        Field(
            validation_alias=AliasChoices("DATABASE_URL", "database_url"),
            description="PostgreSQL 15 o posterior, con derecho a crear roles; si falta, se usa el privado.",
        ),
    ] = None
    production: Annotated[
        bool, Field(description="Rehúsa la base privada, las llaves de demostración y el reloj simulado.")
    ] = False
    origin: Annotated[
        str, Field(max_length=MAX_ORIGIN_BYTES, description="Nombre del libro; se fija al fundarlo, para siempre.")
    ] = DEMO_ORIGIN
    public_url: Annotated[
        str | None, Field(max_length=500, description="Dirección pública del servicio, para policy.txt y enlaces.")
    ] = None
    documents_url: Annotated[
        str | None,
        Field(max_length=500, description="Cubeta de documentos (s3://…); si falta, un directorio de datos."),
    ] = None
    signer_socket: Annotated[
        Path | None, Field(description="Socket de un firmante que ya corre; si falta, `serve` arranca el suyo.")
    ] = None
    log_key: Annotated[Path | None, Field(description="Archivo con la llave de los puntos de control.")] = None
    witness_policy: Annotated[
        Path | None, Field(description="Política (tlog-policy) cuyos testigos cofirman los puntos de control.")
    ] = None
    templates: Annotated[
        Path | None,
        Field(description="Directorio con el diseño de los documentos (docs/documents.md); si falta, el de Acervo."),
    ] = None
    tsa_url: Annotated[
        str | None,
        Field(
            max_length=500,
            description="Autoridad de sellos de tiempo (RFC 3161) que sella las firmas en PDF; si falta, ninguna.",
        ),
    ] = None
    tsa_roots: Annotated[
        Path | None,
        Field(
            description=(
                "Raíces (PEM) de las autoridades de sellos de tiempo en que confía la institución; "
                "con ellas comprueba /verificar."
            )
        ),
    ] = None
    pkcs11_pin: Annotated[
        SecretStr | None,
        Field(description="PIN del dispositivo con que firma la línea de órdenes (--pkcs11); si falta, se pregunta."),
    ] = None
    receipt_timeout_ms: Annotated[
        int, Field(ge=0, le=60_000, description="Espera máxima del punto de control antes de responder 202.")
    ] = 5_000
    database_connections: Annotated[
        int, Field(ge=4, le=200, description="Conexiones que la interfaz puede abrir a PostgreSQL.")
    ] = 12
    max_request_bytes: Annotated[
        int, Field(ge=64 * 1024, le=256 * MIB, description="Tamaño máximo del cuerpo de una petición de actos.")
    ] = 32 * MIB
    max_document_bytes: Annotated[int, Field(ge=1024, le=4096 * MIB, description="Tamaño máximo de un documento.")] = (
        200 * MIB
    )
    max_waiting_requests: Annotated[
        int, Field(ge=1, le=10_000, description="Escrituras en espera; la siguiente recibe 429.")
    ] = 256
    max_streams: Annotated[
        int, Field(ge=1, le=10_000, description="Lectores simultáneos del libro en vivo; el siguiente recibe 503.")
    ] = 200
    stream_max_ms: Annotated[
        int,
        Field(ge=100, le=86_400_000, description="Duración máxima de una lectura en vivo; el lector la reanuda solo."),
    ] = 3_600_000
    data_licence: Annotated[
        Literal["CC-BY-4.0", "CC0-1.0", "ODC-By-1.0", "PDDL-1.0"],
        Field(description="Licencia de los datos abiertos; la elige la institución."),
    ] = "CC-BY-4.0"
    exports_kept: Annotated[
        int,
        Field(
            ge=0, le=3660, description="Días de datos abiertos que se guardan en `exports`; 0 no los escribe de noche."
        ),
    ] = 30
    exports_hour: Annotated[
        int, Field(ge=0, le=23, description="Hora del centro de México a la que se escriben los datos abiertos.")
    ] = 3
    read_only: Annotated[
        bool,
        Field(
            description=(
                "Sirve lecturas desde una réplica de PostgreSQL (DATABASE_URL, rol acervo_app) y rehúsa escribir: "
                "sin firmante, sin trabajador, sin migrar."
            )
        ),
    ] = False
    primary_url: Annotated[
        str | None,
        Field(max_length=500, description="Dirección del servicio que sí escribe, que un servidor de lectura indica."),
    ] = None
    reads_per_second: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description=(
                "Lecturas por segundo de una dirección (IPv6: su /64), con reserva de cuatro segundos; "
                "la siguiente recibe 429; 0, sin límite."
            ),
        ),
    ] = 100
    signed_reads_per_second: Annotated[
        int, Field(ge=0, le=100_000, description="Lo mismo, de una llave que firma ficha o sesión.")
    ] = 400
    refused_per_second: Annotated[
        int,
        Field(
            ge=0,
            le=100_000,
            description=(
                "Escrituras rehusadas por segundo de una dirección; más reciben 429. Lo que se asienta no se limita; "
                "0, sin límite."
            ),
        ),
    ] = 25
    demo: Annotated[
        Literal["year", "council", "none"],
        Field(
            description=(
                "Qué se cuenta a un libro vacío (nunca en producción): `year`, doce meses con reloj simulado; "
                "`council`, una sesión con el reloj de verdad; `none`, nada."
            )
        ),
    ] = "year"

    @field_validator("origin")
    @classmethod
    def _check_origin(cls, value: str) -> str:
        if not ORIGIN.fullmatch(value):
            raise ValueError("an origin is a scheme-less URL in lower case without spaces or +")
        return value

    @field_validator("public_url", "primary_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("an address begins with https:// or http://")
        return None if value is None else value.rstrip("/")

    @field_validator("documents_url")
    @classmethod
    def _check_documents_url(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme != "s3":
            raise ValueError("a bucket is written s3://name/prefix")
        return value

    @field_validator("tsa_roots")
    @classmethod
    def _check_tsa_roots(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                authorities_in(value)
            except (OSError, ValueError, AcervoError) as error:
                raise ValueError(f"{value.name} holds no certificates in PEM: {error}") from error
        return value

    @field_validator("database_url", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _check_read_only(self) -> Self:
        if self.read_only and self.database_url is None:
            raise ValueError("a read-only server needs DATABASE_URL: the standby whose ledger it shows")
        return self

    @model_validator(mode="after")
    def _check_production(self) -> Self:
        if self.production and self.database_url is None:
            raise ValueError("production needs DATABASE_URL: the private PostgreSQL is for trying things out")
        if not self.production and not _is_loopback(self.host):
            raise ValueError("outside of production the service listens on this machine only (ACERVO_HOST)")
        return self

    @property
    def embedded(self) -> bool:
        """Whether the private PostgreSQL is used."""
        return self.database_url is None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def load(**changes: object) -> Settings:
    """Read the environment; `changes` (from the command line) win over it.

    Raises:
        SettingsError: "setting-invalid" with the first offending setting and why.
    """
    try:
        return Settings(**{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "ACERVO_…"
        name = place if place.isupper() else f"ACERVO_{place.upper()}"
        raise SettingsError("setting-invalid", f"{name}: {first['msg']}", name=name) from error


def child_environment() -> dict[str, str]:
    """Return the environment that our own child processes get: settings of this service, a path and a language.

    The PIN of an officer's token is not theirs: none of them signs for him.
    """
    kept, own = {"PATH", "HOME", "LANG", "LC_ALL", "TZ"}, ("ACERVO_", "COVERAGE_")
    given = {name: value for name, value in os.environ.items() if name in kept or name.startswith(own)}
    given.pop("ACERVO_PKCS11_PIN", None)
    return given


def shield() -> None:
    """Take out of this process' environment what PostgreSQL's client library would read behind our back.

    A stray PGOPTIONS or PGPORT must not change how the ledger's connections behave; where certificates and passwords
    of a server lie may be said there all the same.
    """
    for name in [each for each in os.environ if each.startswith("PG") and not each.startswith(_PG_ALLOWED)]:
        del os.environ[name]


_PG_ALLOWED = ("PGSSL", "PGPASSFILE", "PGREQUIRESSL", "PGGSS", "PGKRB", "PG_BIN")


def _variable(name: str) -> str:
    return "DATABASE_URL" if name == "database_url" else f"ACERVO_{name.upper()}"


def table() -> str:
    """Return docs/settings.md: every variable, its default and what it does."""
    lines = [
        "# Ajustes / Settings",
        "",
        "Generado con `python -m api.settings > docs/settings.md`; no se edita a mano.",
        "The environment is read in one place, `api/settings.py`; this table is generated from it.",
        "",
        "| Variable | Por omisión | Qué hace |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "–" if field.default is None else f"`{field.default}`"
        lines.append(f"| `{_variable(name)}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201  this is what the command is for
