"""`acervo document` and `acervo certificate`: documents out of acts, as PDF or HTML (docs/documents.md)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import DataDir, fail, opened, progress, read_bytes, say, settings_of
from api.cli.submitting import Office, SigningKey, officer_of, submit_signed
from api.cli.tokens import KeyLabel, Module, TokenLabel, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.documents import Format
    from api.system import System

app = typer.Typer(
    no_args_is_help=True, help="Documentos: actas, acuerdos, oficios. / Documents.", rich_markup_mode=None
)
certificates = typer.Typer(no_args_is_help=True, help="Certificaciones. / Certificates.", rich_markup_mode=None)

_Kind = Annotated[str, typer.Argument(metavar="CLASE", help="acta, acuerdo, certificacion, convocatoria…")]
_Key = Annotated[str, typer.Argument(metavar="CLAVE", help="Lo que documenta: hcd/2026/ord/3, hcd/2026/19…")]
_File = Annotated[Path, typer.Argument(metavar="ARCHIVO", help="Termina en .pdf o .html. / Ends in .pdf or .html.")]
_Public = Annotated[
    bool, typer.Option("--public", help="Solo lo que está abierto; el resto, testado. / What is open only.")
]


@app.command("render")
def render(
    kind: _Kind,
    key: _Key,
    path: _File,
    public: _Public = False,
    data_dir: DataDir = None,
) -> None:
    """Escribe un documento hecho de los actos: los mismos actos dan los mismos bytes. / A document out of acts.

    Ejemplo:  acervo document render acta hcd/2026/ord/3 acta.pdf
    Ejemplo:  acervo document render acuerdo hcd/2026/19 acuerdo.html --public
    Ejemplo:  acervo document render acta hcd/2026/ord/3 acta.xml               (Akoma Ntoso)
    """
    form = _form(path)
    from api.documents import press_of
    from api.documents.certificates import write_whole

    with opened(data_dir) as system:
        raw = press_of(system).render(kind, key, form, public=public)
    write_whole(path, raw)
    say("cli-rendered", path=path, bytes=len(raw), sha256=sha256(raw).hexdigest())


@app.command("prepare")
def prepare(
    kind: _Kind,
    key: _Key,
    path: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="El PDF nuevo. / The new PDF.")],
    public: _Public = False,
    data_dir: DataDir = None,
) -> None:
    """Escribe un documento con un lugar de firma para cada firmante. / A document with empty signature fields.

    Ejemplo:  acervo document prepare certificacion hcd/2026/7 certificacion.pdf
    """
    from api.documents import press_of
    from api.documents.certificates import write_whole
    from ledger.pdf.signing import prepare as with_fields

    if _form(path) != "pdf":
        fail("cli-render-format", path=path)
    with opened(data_dir) as system:
        press = press_of(system)
        document = press.document(kind, key, public=public)
        raw, boxes = press.print(document), press.boxes(document)
    if not boxes:
        fail("cli-nothing-to-sign", kind=kind)
    write_whole(path, with_fields(raw, boxes))
    say("cli-prepared", path=path, sha256=sha256(raw).hexdigest(), fields=", ".join(box.field for box in boxes))


@app.command("sign")
def sign(
    paths: Annotated[list[Path], typer.Argument(metavar="ARCHIVO…", help="PDF preparados; se firman ahí mismo.")],
    certificate: Annotated[Path, typer.Option(help="Certificado de la e.firma (.cer). / Certificate.")],
    key: Annotated[Path | None, typer.Option(help="Llave privada de la e.firma (.key). / Private key.")] = None,
    chain: Annotated[list[Path] | None, typer.Option(help="Certificados de su autoridad. / Of its authority.")] = None,
    field: Annotated[str | None, typer.Option(help="Lugar de firma, si hay varios. / Field, if several.")] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="Archivo con la contraseña; si no, se pregunta. / Password file.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sin preguntar antes de cada uno. / Do not ask.")] = False,
    pkcs11: Module = None,
    token_label: TokenLabel = None,
    key_label: KeyLabel = None,
    tsa: Annotated[
        str | None, typer.Option(help="Autoridad de sellos de tiempo; por omisión ACERVO_TSA_URL. / TSA address.")
    ] = None,
    no_tsa: Annotated[bool, typer.Option("--no-tsa", help="Sin sello de tiempo. / Without a time stamp.")] = False,
    tsa_optional: Annotated[
        bool, typer.Option("--tsa-optional", help="Si no responde, firmar sin sello. / Go on without, if it is silent.")
    ] = False,
    ocsp: Annotated[
        list[Path] | None, typer.Option(help="Respuesta OCSP que se engrapa. / OCSP answer to staple.")
    ] = None,
    crl: Annotated[list[Path] | None, typer.Option(help="Lista de revocados que se engrapa. / CRL to staple.")] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Preguntar por red a la autoridad del certificado. / Ask its authority.")
    ] = False,
) -> None:
    """Firma documentos con la e.firma, en esta máquina; la llave no sale de ella. / Signs documents.

    Sin --tsa ni --online no usa la red. Antes de firmar cada uno dice la huella de lo impreso y que el PDF llevará el
    certificado, con su RFC y CURP.

    Ejemplo:  acervo document sign certificacion.pdf --certificate secretaria.cer --key secretaria.key
    Ejemplo:  acervo document sign *.pdf --certificate s.cer --key s.key --chain AC.cer --online --tsa https://tsa.example
    Ejemplo:  acervo document sign a.pdf --certificate s.cer --pkcs11 libsofthsm2.so --token-label actas --key-label s
    """
    from api.cli.signing import sign_files, signatory_of, stamping, stapled_of

    source = source_of(key, pkcs11, token_label, key_label)
    url = None if no_tsa else tsa or settings_of(None).tsa_url
    with signatory_of(certificate, chain or [], source, password_file) as signatory:
        stapled = stapled_of(signatory, ocsp or [], crl or [], online=online, stamped=url is not None)
        stamper = stamping(url, optional=tsa_optional)
        sign_files(paths, signatory, field, ask=not yes, stapled=stapled, stamper=stamper)


@app.command("keep")
def keep(
    kind: _Kind,
    key: _Key,
    path: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="El PDF firmado. / The signed PDF.")],
    data_dir: DataDir = None,
) -> None:
    """Guarda, cifrado, un documento que se firmó con `document sign`; es el que se entrega. / Keeps a signed one.

    Solo si es el de estos actos, y lo firmó quien debe, con un certificado de autoridad reconocida aquí.

    Ejemplo:  acervo document keep certificacion hcd/2026/7 certificacion.pdf
    """
    from api.desk.issued import take_back
    from ledger.verify.paper import MAX_PDF_BYTES

    raw = read_bytes(path, MAX_PDF_BYTES)
    with opened(data_dir) as system:
        kept = take_back(system, kind, key, raw)
    say("cli-kept", path=path, sha256=kept.sha256, fields=", ".join(kept.fields))


@app.command("redact")
def redact(
    stream: Annotated[str, typer.Argument(metavar="FLUJO", help="acta/hcd/2026/ord/3 o agreement/hcd/2026/19.")],
    take: Annotated[
        list[str],
        typer.Option("--take", metavar="PARTE=FUNDAMENTO:RAZÓN", help="Qué se testa. / What to take out."),
    ],
    key: SigningKey,
    office: Office,
    data_dir: DataDir = None,
) -> None:
    """Genera una versión pública: se eligen las partes que se testan, con fundamento y razón. / A public version.

    Lo demás queda abierto. El Comité de Transparencia clasifica y aprueba después; hasta entonces es un proyecto.

    Ejemplo:  acervo document redact acta/hcd/2026/ord/3 --take "block/6=112.VI:Estrategia de inspección en curso"
    --key secretaria.pem --office designation/hcd/secretario/1
    """
    from api.documents.redacting import Choice, choose

    choices = [Choice.parse(each) for each in take]
    with opened(data_dir) as system:
        chosen = choose(system.ledger.state, system.vault, stream, choices)
        done = submit_signed(system, chosen.act, officer_of(key, office), sealed=chosen.sealed, basis=[stream])
    say("cli-redacted", version=f"{chosen.act.index}/{chosen.act.version}", parts=len(choices), index=done.index)


@certificates.command("render")
def render_certificate(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NÚMERO] ARCHIVO", help="hcd/2026/7, 2026/7 o 7; y el archivo, .pdf o .html."),
    ] = None,
    latest: Annotated[bool, typer.Option("--latest", help="La última que se expidió. / The last one issued.")] = False,
    everything: Annotated[
        Path | None, typer.Option("--all", metavar="DIRECTORIO", help="Todas; sigue donde se quedó. / All; resumes.")
    ] = None,
    public: _Public = False,
    data_dir: DataDir = None,
) -> None:
    """Escribe certificaciones tal como se expidieron: el archivo que se firmó. / Writes certificates as issued.

    De la que no se ha firmado, o no se ha guardado firmada, lo impreso. / Where no signed one is kept, the print.

    Ejemplo:  acervo certificate render hcd/2026/7 certificacion.pdf
    Ejemplo:  acervo certificate render --latest certificacion.pdf
    Ejemplo:  acervo certificate render --all certificaciones
    """
    from api.documents import press_of
    from api.documents.batch import print_all
    from api.documents.certificates import KIND, issued, key_of, write_whole

    given = arguments or []
    if everything is not None and not given and not latest:
        with opened(data_dir) as system, progress("certificaciones") as move:
            press = press_of(system)
            done = print_all(press, issued(press), everything, move, _signed_in(system, public=public), public=public)
        say("cli-rendered-all", path=everything, written=done.written, kept=done.kept)
        return
    if everything is not None or len(given) != (1 if latest else 2):
        fail("cli-certificate-which")
    path = Path(given[-1])
    form = _form(path)
    with opened(data_dir) as system:
        press = press_of(system)
        key = key_of(press, None if latest else given[0])
        signed = _signed_in(system, public=public)(key) if form == "pdf" else None
        raw = press.render(KIND, key, form, public=public) if signed is None else signed
    write_whole(path, raw)
    code = "cli-rendered" if signed is None else "cli-rendered-signed"
    say(code, path=path, bytes=len(raw), sha256=sha256(raw).hexdigest())


def _signed_in(system: System, *, public: bool) -> Callable[[str], bytes | None]:
    """Return what gives a certificate as it was signed; to the public nobody gives it, for it says the whole text."""
    from api.desk.issued import issued
    from api.documents.certificates import KIND

    return lambda key: None if public else issued(system, KIND, key)


def _form(path: Path) -> Format:
    """Return what the file is to be by its ending."""
    from api.documents.press import FORMATS

    found = next((form for form in FORMATS if path.suffix.lower() == f".{form}"), None)
    if found is None:
        fail("cli-render-format", path=path)
    return found
