"""`acervo document sign`: key in a file or a token, time stamp, answers of authorities; nothing half done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest

from api.cli.main import main
from ledger.crypto.x509 import Certificate
from ledger.pdf.signing import parse
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.hsm import PIN, softhsm
from tests.kit.paper import BOXES, authority, prepared
from tests.kit.tsa import a_tsa, answering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.kit.paper import Efirma
    from tests.kit.tsa import Tsa

FIRST, SECOND = (box.field for box in BOXES)


class World(NamedTuple):
    """An officer's machine: his e.firma in files, a paper to sign, authorities that answer.

    state: Which of the authorities' paths answer, and whether the certificate is revoked.
    """

    folder: Path
    who: Efirma
    tsa: Tsa
    url: str
    state: dict[str, bool]

    def sign(self, *options: str) -> int:
        """Run the command with the e.firma's certificate; return its exit code."""
        files = ["papel.pdf", "--certificate", "e.cer", "--chain", "ac.cer", "--yes"]
        return run("document", "sign", *files, *options)

    def with_file(self, *options: str) -> int:
        """Run the command with the key in its file."""
        return self.sign("--key", "e.key", "--password-file", "clave", *options)

    @property
    def signed(self) -> list[str]:
        """Return whose places are signed."""
        return [each.field for each in parse((self.folder / "papel.pdf").read_bytes()).signatures]


def run(*arguments: str) -> int:
    """Run a command; return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def printed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give where the paper is printed, once."""
    return tmp_path_factory.mktemp("impreso")


@pytest.fixture
def world(tmp_path: Path, printed_in: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give an officer's machine with authorities that answer."""
    now = datetime.now(UTC).replace(microsecond=0)
    state = {"tsa": True, "ocsp": True, "crl": True, "revoked": False, "long": False}
    held: list[Efirma] = []

    def answer(path: str, body: bytes) -> bytes | None:
        if not state[path[1:]]:
            return None
        match path:
            case "/tsa":
                return tsa.reply(body)
            case "/ocsp":
                return authority().issuer.answer(held[0].certificate, now, revoked=state["revoked"])
            case _:
                return authority().issuer.list_revoked(range(1_000, 2_000) if state["long"] else [], now)

    tsa = a_tsa(now)
    with answering(answer) as url:
        who = authority().issue("MARÍA NÚÑEZ", begins=now - timedelta(days=1), asked_at=url)
        held.append(who)
        for name, raw in (
            ("papel.pdf", prepared(printed_in)),
            ("e.cer", who.certificate),
            ("ac.cer", authority().issuer.der),
            ("e.key", who.key.to_pem(b"secreta")),
            ("clave", b"secreta\n"),
            ("raiz.cer", authority().root.der),
            ("tsa.cer", tsa.root.der),
        ):
            (tmp_path / name).write_bytes(raw)
        monkeypatch.chdir(tmp_path)
        yield World(tmp_path, who, tsa, url, state)


def test_signed_stamped_and_stapled(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What the command says is what the verifier finds: time proved, certificate not revoked."""
    assert world.with_file("--field", FIRST, "--tsa", f"{world.url}/tsa", "--online") == 0
    said = capsys.readouterr().out
    assert "Sello de tiempo de SELLO DE TIEMPO FICTICIO" in said
    assert "no tenía por revocado" in said
    trust = Trust(roots=(Certificate.parse(authority().root.der),), tsa_roots=(Certificate.parse(world.tsa.root.der),))
    [signer] = check_pdf((world.folder / "papel.pdf").read_bytes(), trust).signers
    assert (signer.time, signer.code) == ("proved", "")
    assert [each.good_at is None for each in signer.standings] == [False, True]
    verify = ["verify", "papel.pdf", "--root", "raiz.cer", "--tsa-root", "tsa.cer", "--self-contained"]
    assert run(*verify) == 0
    assert "hora probada" in capsys.readouterr().out


def test_a_silent_time_stamp_authority(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for and silent: nothing is signed; only who says so goes on without, and is told."""
    world.state["tsa"] = False
    before = (world.folder / "papel.pdf").read_bytes()
    monkeypatch.setenv("ACERVO_TSA_URL", f"{world.url}/tsa")
    assert world.with_file("--field", FIRST) == 2
    said = capsys.readouterr().err
    assert "La autoridad de sellos de tiempo no responde" in said
    assert "The time-stamp authority does not answer" in said
    assert (world.folder / "papel.pdf").read_bytes() == before
    assert world.with_file("--field", FIRST, "--tsa-optional") == 0
    assert "Se firma sin sello de tiempo" in capsys.readouterr().out
    assert world.with_file("--field", SECOND, "--no-tsa") == 0
    assert world.signed == [FIRST, SECOND]


def test_authorities_of_certificates(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Silent: named, and signed without; a list that has no room: looked at, and signed without, which is said."""
    world.state.update(ocsp=False, crl=False)
    assert world.with_file("--field", FIRST, "--online") == 0
    said = capsys.readouterr().out
    assert f"La autoridad del certificado no respondió: {world.url}/crl" in said
    assert "Sin engrapar: nada dice la autoridad" in said
    world.state.update(crl=True, long=True)
    assert world.with_file("--field", SECOND, "--online") == 0
    said = capsys.readouterr().out
    assert "octetos) no cabe junto a la firma" in said
    assert "de MARÍA NÚÑEZ, pero su respuesta" in said
    assert "nada dice la autoridad del certificado 30001000000500000001" not in said
    assert world.signed == [FIRST, SECOND]


def test_a_revoked_certificate_signs_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Revoked, says its authority: the command ends."""
    world.state.update(ocsp=True, revoked=True)
    assert world.with_file("--field", SECOND, "--online") == 2
    assert "revocado" in capsys.readouterr().err
    assert world.signed == []


def test_answers_out_of_files(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh answer and a list are stapled; one about somebody else, or without the authority's own, is refused."""
    now = datetime.now(UTC).replace(microsecond=0)
    other = authority().issue("JOSÉ", "p256", serial=30001000000500000009)
    issuer = authority().issuer
    (world.folder / "otra.ocsp").write_bytes(issuer.answer(other.certificate, now))
    (world.folder / "mia.ocsp").write_bytes(issuer.answer(world.who.certificate, now))
    (world.folder / "lista.crl").write_bytes(issuer.list_revoked([7], now))
    assert world.with_file("--field", FIRST, "--ocsp", "otra.ocsp") == 2
    assert "La respuesta es de otro certificado" in capsys.readouterr().err
    alone = ["papel.pdf", "--certificate", "e.cer", "--key", "e.key", "--password-file", "clave", "--yes"]
    assert run("document", "sign", *alone, "--field", FIRST, "--ocsp", "mia.ocsp") == 2
    assert world.signed == []
    assert world.with_file("--field", FIRST, "--ocsp", "mia.ocsp", "--crl", "lista.crl") == 0
    assert capsys.readouterr().out.count("Engrapado:") == 1


def test_signed_with_a_token(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The key lies in a token: its PIN is taken from the environment, asked for nowhere else, and named nowhere."""
    place = softhsm().hold(world.who.key, "maria")
    token = ["--pkcs11", str(place.module), "--token-label", place.token, "--key-label", place.key]
    assert world.sign("--field", FIRST, *token) == 2
    assert "Falta el PIN" in capsys.readouterr().err
    monkeypatch.setenv("ACERVO_PKCS11_PIN", PIN)
    assert world.sign("--field", FIRST, *token) == 0
    assert PIN not in capsys.readouterr().out
    assert world.signed == [FIRST]
    stranger = softhsm().hold(authority().issue("JOSÉ").key, "jose")
    assert world.sign("--field", SECOND, *token[:-1], stranger.key) == 2
    assert "La llave privada no es la de ese certificado" in capsys.readouterr().err


def test_which_key_is_meant(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a file nor a token, both, or a token without labels: one sentence, and nothing is signed."""
    assert world.sign("--field", FIRST) == 2
    assert world.with_file("--field", FIRST, "--pkcs11", "x.so") == 2
    assert world.sign("--field", FIRST, "--pkcs11", "x.so", "--token-label", "actas") == 2
    assert "hacen falta --token-label y --key-label" in capsys.readouterr().err
    assert world.signed == []
