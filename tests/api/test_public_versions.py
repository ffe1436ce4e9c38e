"""A public version from the sealed acta to a file that anybody checks; what was taken out is not in it (T9, T10)."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.actas import ActaDesk
from api.consultations import consult
from api.demo.seed import town_of
from api.demo.sitting import Sitting
from api.problems import ApiError
from api.public_versions import version_file
from ledger.acts.acta import ActaSealed, ActaSigned
from ledger.acts.disclosure import Redaction, ReservedDataConsulted
from ledger.acts.trust import PersonRegistered
from ledger.acts.unit import UnitCreated
from ledger.blocks import leaf_of
from ledger.crypto import disclosure
from ledger.crypto.canonical import dumps
from ledger.domain.acta import ActaState
from ledger.domain.agreement_state import AgreementState
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import parse_written
from ledger.log.policy import Policy
from ledger.statement import Entry, SignedAct
from ledger.verify.public import PublicVersion, check_version
from tests.kit.judges import ran
from tests.kit.opened import Comite
from tests.kit.settled import soon

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from api.demo.town import Town
    from api.system import System

SECRET = "Operativo Ceiba contra la evasión"


def acta_of(system: System, town: Town) -> ActaState:
    """Hold a session with one reserved matter, draft and seal its acta; return it."""
    sitting = Sitting(town, Comite(town, system.ledger).today.year, 1)
    sitting.begin(["Estrategia", "Calendario"], soon())
    sitting.item(1)
    vote = sitting.roll_call(1, SECRET, {"contra": ["patronal-1"]})
    assert vote == 1
    sitting.conclude(1)
    sitting.close()
    act, blocks = ActaDesk(system.store, system.vault, system.ledger.state).draft(sitting.path)
    basis = [f"session/{sitting.path}"]
    system.submit([town.desk.sign(act, town.secretary, basis=basis, blocks=blocks.disclosures)])
    acta = [f"acta/{sitting.path}"]
    for seat in ("secretario", "estado-1"):
        town.do(ActaSigned(**sitting.place, seat=seat, root=act.root), town.officer(seat), basis=acta)
    town.do(ActaSealed(**sitting.place, root=act.root, signatures=("estado-1", "secretario")))
    state = system.ledger.state(acta[0])
    assert isinstance(state, ActaState)
    return state


@pytest.fixture(scope="module")
def made(system: System) -> tuple[System, int, tuple[str, ...]]:
    """Give a system in which an acta has an approved and published version, its entry, and what it takes out."""
    people = town_of(system)
    state = acta_of(system, people)
    index, stream = state.drafted_index, f"acta/{state.session}"
    held = {name: disclosure.parse(text).value for name, text in system.vault.disclosures(index).items()}
    closed = tuple(sorted(name for name, value in held.items() if SECRET in value["text"]))
    unit = UnitCreated(unit="dir", code="DIR", effective_on="2020-01-01")
    people.do(unit, people.founder, sealed={"name": "Dirección"})
    comite = Comite(people, system.ledger)
    comite.settle()
    redactions = tuple(
        Redaction(name=name, character="reserved", fraction="VI", description=1, block_kind=held[name]["kind"])
        for name in closed
    )
    root: dict[str, Any] = {"root": state.root, "blocks": state.blocks}
    version = comite.generate(index, stream, redactions=redactions, **root)
    with pytest.raises(ApiError, match="version-not-open"):
        version_file(system, index, 1)
    comite.sit()
    comite.propose(index, stream, version, *closed)
    comite.resolve(index)
    comite.approve(index)
    with pytest.raises(RuleViolation, match="text-classified"):
        comite.open(index)
    with pytest.raises(ApiError, match="version-not-open"):
        version_file(system, index, 1)
    comite.open(index, *sorted(held.keys() - set(closed)))
    comite.open(Entry.parse(next(iter(system.store.stream(version)))).index)
    return system, index, closed


def checked(system: System, raw: bytes) -> PublicVersion:
    """Check a file with the log's keys alone."""
    return check_version(raw, system.keys)


def test_public_version_leaf_proofs_verify(made: tuple[System, int, tuple[str, ...]]) -> None:
    """Every open block is of the sealed acta; it says how many are withheld and why, until when, in general terms."""
    system, index, closed = made
    found = checked(system, version_file(system, index, 1))
    assert (found.object.partition("/")[0], found.index, found.version) == ("acta", index, 1)
    assert {each.name for each in found.withheld} == set(closed)
    first = found.withheld[0]
    assert (first.character, first.ground) == ("reserved", "112.VI")
    assert first.description == "Estrategia de inspección en curso"
    assert first.until_on is not None
    kinds = [block["kind"] for block in found.open.values()]
    assert {"heading", "attendance", "marks", "closing"} <= set(kinds)
    assert len(found.open) + len(found.withheld) == len(json.loads(version_file(system, index, 1))["leaves"])


def test_redacted_text_is_not_recoverable_from_the_file(made: tuple[System, int, tuple[str, ...]]) -> None:
    """Neither the text, nor its disclosure, nor its salt stands in the file in any form."""
    system, index, closed = made
    raw = version_file(system, index, 1).decode()
    held = system.vault.disclosures(index)
    for name in closed:
        parsed = disclosure.parse(held[name])
        salt = disclosure.encode_base64url(parsed.salt)
        for secret in (SECRET, held[name], salt, parsed.salt.hex(), disclosure.digest(held[name])):
            assert secret not in raw
    assert SECRET.encode().hex() not in raw


def test_a_guessed_text_is_not_confirmed(made: tuple[System, int, tuple[str, ...]]) -> None:
    """T10: who guesses the redacted text to the letter, without its salt, gets a leaf that is not in the file."""
    system, index, closed = made
    leaves = set(json.loads(version_file(system, index, 1))["leaves"])
    held = system.vault.disclosures(index)
    opened = [text for name, text in held.items() if name not in closed]
    known = [disclosure.parse(text).salt for text in opened] + [bytes(16), b"\xff" * 16]
    for name, salt in itertools.product(closed, known):
        guess = disclosure.make(name, disclosure.parse(held[name]).value, salt)
        assert leaf_of(guess) not in leaves
        assert leaf_of(held[name]) in leaves  # the guess was right but for the salt


def test_silently_altered_open_block_is_refused(made: tuple[System, int, tuple[str, ...]]) -> None:
    """T9: one word of an open block changed, with or without its leaf, is found; so is a block left out."""
    system, index, _ = made
    value = json.loads(version_file(system, index, 1))
    first, *others = value["open"]
    parsed = disclosure.parse(first)
    number = int(parsed.name.rpartition("/")[2])
    forged = disclosure.make(parsed.name, {**parsed.value, "text": parsed.value["text"] + " "}, parsed.salt)
    altered = value | {"open": [forged, *others]}
    with pytest.raises(UntrustedInputError, match="block-altered"):
        checked(system, dumps(altered))
    leaves = [leaf_of(forged) if n == number else leaf for n, leaf in enumerate(value["leaves"], 1)]
    with pytest.raises(UntrustedInputError, match="blocks-root"):
        checked(system, dumps(altered | {"leaves": leaves}))
    for opened in (others, [*others, forged, forged], [*value["open"], value["open"][0]]):
        with pytest.raises(UntrustedInputError, match="public-version-"):
            checked(system, dumps(value | {"open": opened}))


def test_a_file_whose_acts_do_not_belong_together_is_refused(made: tuple[System, int, tuple[str, ...]]) -> None:
    """Another entry's proof, no proof of the Comité's resolution, another form: each has its refusal."""
    system, index, _ = made
    value = json.loads(version_file(system, index, 1))
    proofs = value["proofs"]
    for changes, code in (
        ({"text": system.proof(0)}, "public-version-unrelated"),
        ({"sealed": system.proof(0)}, "public-version-unrelated"),
        ({"version": system.proof(0)}, "public-version-unrelated"),
        ({"classification": [system.proof(0)]}, "public-version-unrelated"),
        ({"classification": []}, "public-version-incomplete"),
        ({"approved": 1}, "public-version-malformed"),
        ({"text": proofs["text"].replace(f"index {index}", "index 3")}, "inclusion-not-proved"),
    ):
        with pytest.raises(UntrustedInputError, match=code):
            checked(system, dumps(value | {"proofs": proofs | changes}))
    for changes in ({"format": "x"}, {"open": [1]}, {"leaves": 1}, {"proofs": {}}, {"told": {"x": 1}}):
        with pytest.raises(UntrustedInputError, match="public-version-malformed"):
            checked(system, dumps(value | changes))
    told = [disclosure.make(disclosure.parse(text).name, "otra cosa", bytes(16)) for text in value["told"]]
    with pytest.raises(UntrustedInputError, match="text-altered"):
        checked(system, dumps(value | {"told": told}))
    with pytest.raises(UntrustedInputError, match="checkpoint-not-signed"):
        check_version(dumps(value), [])


def test_the_vault_opens_nothing_without_a_consultation(made: tuple[System, int, tuple[str, ...]]) -> None:
    """Only the custodian's recorded act opens what it names, once; anybody else's is refused and opens nothing."""
    system, index, closed = made
    people = town_of(system)
    act = ReservedDataConsulted(index=index, consultation=1, names=closed[:1])
    sealed = {"reader": "Auditora Superior", "purpose": "Revisión de 2026"}

    def signed(changed: ReservedDataConsulted, officer: Any) -> list[SignedAct]:
        return [people.desk.sign(changed, officer, sealed=sealed)]

    with pytest.raises(RuleViolation, match="not-authorised"):
        consult(system, signed(act, people.secretary))
    custodian = people.officer("custodio")
    with pytest.raises(ApiError, match="consultation-names"):
        consult(system, signed(act.model_copy(update={"names": ("nada",)}), custodian))
    with pytest.raises(ApiError, match="consultation-one-act"):
        consult(system, [people.desk.sign(PersonRegistered(person="p-x"), people.founder, sealed={"name": "X"})])
    assert system.ledger.state(f"consultation/{index}/1") is None
    mine = signed(act, custodian)
    recorded, texts = consult(system, mine)
    assert texts.keys() == set(closed[:1])
    assert SECRET in disclosure.parse(texts[closed[0]]).value["text"]
    assert b"Auditora" not in recorded.entry
    with pytest.raises(ApiError, match="consultation-served"):
        consult(system, mine)


def test_routes_serve_the_file_and_the_consultation(
    made: tuple[System, int, tuple[str, ...]], http: httpx.Client
) -> None:
    """Over HTTP: the file as it is checked, 404 for a version that is not there, a consultation's texts with 201."""
    system, index, closed = made
    people = town_of(system)
    act = ReservedDataConsulted(index=index, consultation=2, names=closed)
    mine = people.desk.sign(act, people.officer("custodio"), sealed={"reader": "Juez", "purpose": "Juicio"})
    body = {"envelope": json.loads(mine.envelope()), "disclosures": dict(mine.disclosures)}
    answer = http.get(f"/api/v1/public-versions/{index}/1/file")
    assert checked(system, answer.content).index == index
    assert http.get(f"/api/v1/public-versions/{index}/9/file").status_code == 404
    posted = http.post("/api/v1/consultations", json=body)
    assert (posted.status_code, posted.json()["disclosures"].keys()) == (201, set(closed))
    assert http.post("/api/v1/consultations", json=body).status_code == 409


def agreement_version(system: System, comite: Comite) -> tuple[int, str]:
    """Adopt an agreement, take its second resolutivo out of an approved and published version; return its entry."""
    people = comite.town
    sitting = Sitting(people, comite.today.year, 2)
    sitting.begin(["Estrategia"], soon())
    sitting.item(1)
    vote = sitting.roll_call(1, "Se aprueba", {})
    day = parse_written(people.now())
    identifier = f"ACDO.AS2.HCD.{day:%d%m%y}/1.P.DIR"
    sitting.adopt(1, identifier, vote, "Estrategia", ["Se aprueba.", SECRET])
    sitting.conclude(1)
    sitting.close()
    stream = f"agreement/hcd/{comite.today.year}/1"
    state = system.ledger.state(stream)
    assert isinstance(state, AgreementState)
    index = state.adopted_index
    redaction = Redaction(name="resolution/2", character="reserved", fraction="VI", description=1)
    made: dict[str, Any] = {"open": ("title", "resolution/1"), "redactions": (redaction,)}
    version = comite.generate(index, stream, **made)
    comite.sit(2)
    comite.propose(index, stream, version, "resolution/2")
    comite.resolve(index)
    comite.approve(index)
    comite.open(index, "title", "resolution/1")
    comite.open(Entry.parse(next(iter(system.store.stream(version)))).index)
    return index, stream


def test_a_public_version_of_an_agreement_is_checked_by_its_digests(made: tuple[System, int, tuple[str, ...]]) -> None:
    """Each open text of an agreement is the one whose digest was signed; another, one too few or too many is found."""
    system, _, _ = made
    index, stream = agreement_version(system, Comite(town_of(system), system.ledger))
    raw = version_file(system, index, 1)
    found = checked(system, raw)
    assert (found.object, dict(found.open)) == (stream, {"resolution/1": "Se aprueba.", "title": "Estrategia"})
    assert [(each.name, each.ground) for each in found.withheld] == [("resolution/2", "112.VI")]
    assert SECRET not in raw.decode()
    value = json.loads(raw)
    held = {disclosure.parse(text).name: text for text in value["open"]}
    forged = disclosure.make("title", "Otra", disclosure.parse(held["title"]).salt)
    with pytest.raises(UntrustedInputError, match="text-altered"):
        checked(system, dumps(value | {"open": [held["resolution/1"], forged]}))
    secret = system.vault.disclosures(index)["resolution/2"]
    for opened in ([held["title"]], [*value["open"], secret]):
        with pytest.raises(UntrustedInputError, match="public-version-incomplete"):
            checked(system, dumps(value | {"open": opened}))


def test_a_public_version_is_verified_offline(made: tuple[System, int, tuple[str, ...]], tmp_path: Path) -> None:
    """`acervo verify FILE --policy` knows a public version by its form: 0 it holds, 1 it does not, 2 no policy."""
    system, index, closed = made
    file, policy = tmp_path / "version.json", tmp_path / "policy.txt"
    file.write_bytes(version_file(system, index, 1))
    policy.write_text(Policy.of(*system.keys).format(), encoding="utf-8")
    code, said = ran(file, "--policy", policy)
    assert code == 0
    assert f"Partes que se omiten, cada una con su fundamento en el registro: {len(closed)}" in said
    assert "reservado, LGTAIP art. 112.VI · hasta 20" in said
    code, said = ran(file, "--policy", policy, "--json")
    assert (code, json.loads(said)["verified"], json.loads(said)["index"]) == (0, True, index)
    assert ran(file)[0] == 2
    value = json.loads(file.read_bytes())
    file.write_bytes(dumps(value | {"open": value["open"][1:]}))
    code, said = ran(file, "--policy", policy, "--lang", "en")
    assert (code, "public-version-incomplete" in said) == (1, True)
    assert json.loads(ran(file, "--policy", policy, "--json")[1])["code"] == "public-version-incomplete"
