"""The command line: exit codes, one sentence an error, help that teaches, and what each command does."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from api.cli.common import opened
from ledger.crypto.keys import PrivateKey
from ledger.receipts import Receipt
from tests.kit.commands import run, use
from tests.kit.hsm import PIN, softhsm
from tests.kit.pki import intermediate, root, subject, twenty_digits
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from api.settings import Settings
    from tests.kit.postgres import Database

ROOT = Path(__file__).parents[2]
SECRETARY = "designation/hcd/secretario/1"


@pytest.fixture(scope="module")
def settled(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give the settings of a settled ledger whose signer runs, as beside a server."""
    with make_database() as database:
        settings = settings_for(database, tmp_path_factory.mktemp("cli"))
        with running(settings):
            yield settings


@pytest.fixture
def environment(settled: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Let commands find the ledger by the environment, from an empty working directory."""
    use(settled, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return settled


def key_of(settings: Settings, name: str) -> str:
    """Return the file of a demo key."""
    return str(settings.data_dir / "demo-keys" / f"{name}.pem")


COMMANDS = [
    *("serve", "migrate", "found", "import", "check", "rebuild", "recover", "token"),
    *("key new", "key enroll", "key accept", "key revoke", "ca trust", "ca distrust"),
    *("act submit", "act sign", "act schema", "act show"),
    *("export log", "export bundle", "log vkey", "log checkpoint", "log proof"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command's help says what it does in Spanish and in English, with an example, and ends with 0."""
    assert run(*command.split(), "--help") == 0
    said = capsys.readouterr().out
    assert "Ejemplo:" in said
    assert "acervo" in said


def test_the_whole_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`acervo --help` lists the commands and says what the exit codes mean."""
    assert run("--help") == 0
    said = capsys.readouterr().out
    for command in COMMANDS:
        assert command.split()[0] in said
    assert "verify" in said
    assert "Códigos de salida" in said


def test_verify_needs_no_database_at_all() -> None:
    """`acervo verify` imports neither PostgreSQL's driver nor the event library nor a web framework."""
    script = (
        "import sys; from api.cli.main import main\n"
        "try: main(['verify', '/no/hay'])\n"
        "except SystemExit as end: code = end.code\n"
        "bad = [m for m in ('psycopg', 'eventsourcing', 'fastapi', 'uvicorn') if m in sys.modules]\n"
        "sys.exit(10 if bad else code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stdout


def test_an_act_signed_by_a_key_in_a_token(
    environment: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secretary's key lies in a token; the PIN comes from the environment, and a wrong one records nothing."""
    place = softhsm().hold(PrivateKey.from_pem(Path(key_of(environment, "hcd.secretario")).read_bytes()), "secretario")
    act = ["act", "sign", "SeriesOpened/1", '{"body":"hcd","series":"agreement.2042","first":7}', "--office", SECRETARY]
    token = ["--pkcs11", str(place.module), "--token-label", place.token, "--key-label", place.key]
    monkeypatch.setenv("ACERVO_PKCS11_PIN", "0000")
    assert run(*act, *token) == 2
    assert "PIN" in capsys.readouterr().err
    monkeypatch.setenv("ACERVO_PKCS11_PIN", PIN)
    assert run(*act, *token) == 0
    assert "índice" in capsys.readouterr().out
    assert run(*act) == run(*act, "--pkcs11", str(place.module)) == 2


def test_an_act_signed_shown_and_proved(
    environment: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Sign, show, proof, checkpoint and public key from the command line, each ending with 0."""
    data = '{"body":"hcd","series":"agreement.2041","first":19}'
    key = key_of(environment, "hcd.secretario")
    assert run("act", "sign", "SeriesOpened/1", data, "--key", key, "--office", SECRETARY) == 0
    index = int(capsys.readouterr().out.split("índice ")[1].split()[0])
    assert run("act", "show", str(index)) == 0
    assert json.loads(capsys.readouterr().out)["statement"]["data"]["first"] == 19
    proof = tmp_path / "acto.tlog-proof"
    assert run("log", "proof", str(index), "-o", str(proof)) == 0
    assert Receipt.parse(proof.read_text()).index == index
    assert run("log", "checkpoint") == 0
    assert capsys.readouterr().out.startswith(environment.origin)
    assert run("log", "vkey") == 0
    assert capsys.readouterr().out.startswith(f"{environment.origin}+")


def test_what_a_rule_refuses_is_1_and_says_why(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused act ends with 1 and the rule's sentence in Spanish and English on standard error."""
    data = '{"body":"hcd","series":"agreement.2042","first":19}'
    key = key_of(environment, "hcd.obrero-1")
    assert run("act", "sign", "SeriesOpened/1", data, "--key", key, "--office", SECRETARY) == 1
    said = capsys.readouterr()
    assert "El cargo no es de quien firma" in said.err
    assert "not the signer's" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["act", "show", "999999"],
        ["act", "show", "-1"],
        ["act", "schema", "NoSuchThing/1"],
        ["act", "submit", "/no/hay.json"],
        ["act", "sign", "SeriesOpened/1", "{", "--key", "x", "--office", "ledger"],
        ["import", "otra-cosa", "."],
        ["export", "bundle", "."],
        ["key", "accept", "--key", "/no/hay.pem"],
        ["key", "new", "x.pem", "--algorithm", "dsa"],
        ["no-such-command"],
        ["verify"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("environment")
def test_what_cannot_be_done_is_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong call ends with 1 or 2 and something to read, never with a trace."""
    assert run(*arguments) in {1, 2}
    said = capsys.readouterr()
    assert said.err + said.out
    assert "Traceback" not in said.err + said.out


def test_a_key_from_its_making_to_its_end(
    environment: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """new, enroll, accept and revoke: the key is usable in between and not afterwards."""
    founder = key_of(environment, "founder-1")
    assert run("key", "new", "nueva.pem") == 0
    keyid = capsys.readouterr().out.strip()
    assert (tmp_path / "nueva.pem").stat().st_mode & 0o777 == 0o600
    assert run("key", "new", "nueva.pem") == 2
    person = '{"person":"p-nueva"}'
    sealed = '{"name":"Persona Ficticia"}'
    registered = ["act", "sign", "PersonRegistered/1", person, "--sealed", sealed]
    assert run(*registered, "--key", founder, "--office", "ledger") == 0
    assert run("key", "enroll", "nueva.pem.spki", "--person", "p-nueva", "--key", founder) == 0
    assert run("key", "accept", "--key", "nueva.pem") == 0
    assert run("key", "revoke", keyid, "--reason", "lost", "--key", founder) == 0
    assert run("key", "revoke", keyid, "--reason", "lost", "--key", founder) == 1


def test_an_e_firma_is_enrolled_with_its_certificate(environment: Settings, tmp_path: Path) -> None:
    """Root and intermediate are trusted, the certificate names its issuer by itself, a stranger's is refused."""
    founder = ["--key", key_of(environment, "founder-1")]
    above = root()
    below = intermediate(above)
    for name, der in (("raiz", above.der), ("media", below.der), ("otra", root("OTRA").der)):
        (tmp_path / f"{name}.cer").write_bytes(der)
    key = rsa.generate_private_key(65537, 2048).public_key()
    der = below.issue(subject("FIRMANTE", rfc="FIRM800101AB1"), key, twenty_digits(30001000000500000001))
    (tmp_path / "firma.cer").write_bytes(der)
    (tmp_path / "firma.ocsp").write_bytes(below.answer(der, datetime.now(UTC).replace(microsecond=0)))
    (tmp_path / "revocada.ocsp").write_bytes(below.answer(der, datetime.now(UTC), revoked=True))
    enroll = ["key", "enroll", "firma.cer", "--person", "p-efirma", *founder]
    registered = ["act", "sign", "PersonRegistered/1", '{"person":"p-efirma"}', "--sealed", '{"name":"Firmante"}']
    assert run(*registered, *founder, "--office", "ledger") == 0
    assert run(*enroll) == 1
    assert run("ca", "trust", "raiz.cer", *founder) == 0
    assert run("ca", "trust", "media.cer", *founder) == 1  # it is no root: --issuer is missing
    assert run("ca", "trust", "media.cer", "--issuer", above.sha256, *founder) == 0
    assert run(*enroll, "--ocsp", "revocada.ocsp") != 0
    assert run(*enroll, "--ocsp", "firma.ocsp") == 0
    assert run(*enroll) == 1  # once, for ever
    assert run("ca", "distrust", below.sha256, "--reason", "superseded", *founder) == 0


@pytest.mark.usefixtures("environment")
def test_evidence_goes_out_and_verifies(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The exported log and the bundle verify with 0; with one byte changed, with 1; diff and sample work on them."""
    assert run("export", "log", "publicado") == 0
    assert run("verify", "publicado", "--self-contained") == 0
    assert run("verify", "publicado") == 2  # without trust from outside nothing is independent
    assert run("export", "bundle", "libro.evidencia.zip") == 0
    assert run("export", "bundle", "libro.evidencia.zip") == 2
    assert run("verify", "libro.evidencia.zip", "--self-contained", "--policy", "publicado/policy.txt") == 0
    assert run("diff", "publicado", "libro.evidencia.zip") == 0
    assert run("sample", "publicado", "--seed", "7", "-n", "2") == 0
    capsys.readouterr()
    bundle = next((tmp_path / "publicado" / "tile" / "entries").rglob("000*/*"))
    raw = bytearray(bundle.read_bytes())
    raw[300] ^= 1
    bundle.write_bytes(raw)
    assert run("verify", "publicado", "--self-contained") == 1


@pytest.mark.usefixtures("environment")
def test_the_database_is_checked_in_place(capsys: pytest.CaptureFixture[str]) -> None:
    """`check` recomputes everything and finds nothing; `rebuild` and its comparison agree."""
    assert run("check", "--json") == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert run("rebuild") == 0
    assert run("rebuild", "--compare") == 0


def test_stored_documents_are_read_again(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` reads every stored document to its last byte (fixity) and names the file that was changed."""
    with opened(environment.data_dir) as system:
        stored = system.documents.put([b"anexo"])
    assert run("check", "--json") == 0
    assert json.loads(capsys.readouterr().out)["steps"]["V11"]["counts"]["documents"] >= 1
    (path,) = (environment.data_dir / "documents").rglob(stored.sha256)
    path.write_bytes(b"anexO")
    assert run("check", "--json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["file"]) == ("document-damaged", f"public/{stored.sha256[:2]}/{stored.sha256}")
    path.write_bytes(b"anexo")


@pytest.mark.usefixtures("environment")
def test_submitting_a_file_keeps_receipts(
    settled: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`act submit` takes what POST /acts takes and writes a receipt for each act; doing it again is success."""
    from api.demo_keys import DemoKeys
    from api.wiring import build
    from ledger.acts.trust import SeriesOpened
    from ledger.clock import written_now
    from ledger.compose import Desk, Officer

    system = build(settled)
    officer = Officer(DemoKeys(settled.data_dir)("hcd.secretario"), SECRETARY)
    act = Desk(system.ledger, written_now).sign(SeriesOpened(body="hcd", series="agreement.2043", first=5), officer)
    system.close()
    file = tmp_path / "acto.json"
    file.write_text(json.dumps({"envelope": json.loads(act.envelope()), "disclosures": {}}))
    for _ in range(2):
        assert run("act", "submit", str(file), "--receipts", "recibos") == 0
    (receipt,) = (tmp_path / "recibos").iterdir()
    assert Receipt.parse(receipt.read_text()).entry
    assert "índice" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_an_import_says_what_it_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder whose body has an unknown profile: rehearsed and refused with 1, naming file and rule."""
    folder = tmp_path / "viejo"
    folder.mkdir()
    (folder / "bodies.csv").write_text("body,kind,name,profile,valid_from\nx1,council,Uno,NO_HAY,2000-01-01\n")
    assert run("import", "plain", str(folder), "--dry-run", "--report", "informe.json") == 1
    said = capsys.readouterr().out
    assert "profile-unknown" in said
    assert json.loads((tmp_path / "informe.json").read_text())["refused"] >= 1


def test_an_unusable_data_directory_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A data directory that is a file: one clear sentence, 2."""
    file = tmp_path / "no-es-directorio"
    file.write_text("")
    assert run("check", "--data-dir", str(file)) == 2
    assert "El directorio de datos no puede usarse" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A DATABASE_URL that leads nowhere: one sentence, 2, and no password in it."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://acervo:geheim@127.0.0.1:1/nada")
    assert run("migrate", "--data-dir", str(tmp_path)) == 2
    said = capsys.readouterr()
    assert said.err
    assert "geheim" not in said.err + said.out
    assert os.environ["DATABASE_URL"]


def test_schemas_and_version_without_a_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    """`act schema` lists the types and shows one; `--version` says the version; no ledger is needed."""
    assert run("act", "schema") == 0
    assert "VoteOpened/1" in capsys.readouterr().out
    assert run("act", "schema", "VoteOpened/1") == 0
    assert json.loads(capsys.readouterr().out)["stream"].startswith("vote/")
    assert run("--version") == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.usefixtures("environment")
def test_arguments_that_are_not_what_they_should_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A public key that is none, JSON that is no object, a proof of nothing: a sentence and 1 or 2."""
    (tmp_path / "mala.spki").write_text("esto no es base64")
    (tmp_path / "lista.json").write_text("[]")
    key = ["--key", "x.pem", "--office", "ledger"]
    assert run("key", "enroll", "mala.spki", "--person", "p-1", "--key", "x.pem") == 2
    assert run("act", "sign", "SeriesOpened/1", "@lista.json", *key) == 2
    assert run("act", "show", "0", "--raw") == 0
    assert run("log", "proof", "999999") == 1
    assert run("log", "proof", "0") == 0
    assert "c2sp.org/tlog-proof@v1" in capsys.readouterr().out


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 2)])
def test_interrupted_and_unread_commands_end_quietly(
    monkeypatch: pytest.MonkeyPatch, raised: type[BaseException], code: int
) -> None:
    """Ctrl-C and a reader that went away are no traces."""

    def end(**_: object) -> None:
        raise raised

    monkeypatch.setattr("api.cli.main.app", end)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert run("check") == code


def test_a_token_is_signed_without_a_ledger(environment: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """On his own machine: for a path, an office and a ledger, or in his own name; what is no path is not signed."""
    from api.access.tokens import parse

    key = key_of(environment, "hcd.secretario")
    assert run("token", "/api/v1/acts/5/disclosures", "--key", key, "--office", SECRETARY) == 0
    made = parse(capsys.readouterr().out.strip())
    assert (made.office, made.scope, made.audience) == (SECRETARY, "/api/v1/acts/5/disclosures", environment.origin)
    assert run("token", "/x/y", "--key", key, "--audience", "otra.example/x", "--challenge", "a" * 40) == 0
    own = parse(capsys.readouterr().out.strip())
    assert (own.office, own.audience, own.jti) == (f"key/{own.signer}", "otra.example/x", "a" * 40)
    assert run("token", "no es ruta", "--key", key) == 2
    assert "ficha" in capsys.readouterr().err
