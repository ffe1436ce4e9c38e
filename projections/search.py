"""What can be found by searching: the public text of agreements, actas and agenda items, and identifiers.

Each opening of an object's text makes a new edition of what can be found of it and ends the one before, so that a
search "as known on K" finds what it would have found then. Of sealed text only what an act opened comes in; what is
erased leaves every edition, the earlier ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

from ledger.acts.acta import ActaDrafted, ActaSealed
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.transparency import PersonalDataErased, TextPublished
from ledger.acts.validity import AgreementAnnulled, AgreementReinstated, AgreementRevoked, AgreementSuspended
from ledger.acts.veto import VetoExercised
from ledger.crypto import disclosure
from ledger.errors import StoreError
from projections.base import Registry, Table
from projections.identifiers import signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

    Place: TypeAlias = list[Any]
    """Of a text: [index of the entry, name]."""

MAX_INDEXED_CHARS = 120_000
"""Of one object; PostgreSQL's limit for a tsvector is 1 MiB. Where an object has more, `truncated` says so."""
EDITIONS = Table(
    "search_editions",
    (
        "object",
        "edition",
        "made_index",
        "created_index",
        "editions",
        "kind",
        "body",
        "year",
        "identifier",
        "status",
        "cases",
        "source_index",
        "texts",
        "truncated",
        "replaced_index",
        "lexemes",
    ),
    ("object", "edition"),
    json=frozenset({"cases", "texts"}),
    fixed=frozenset({"made_index", "created_index", "kind", "body", "year", "identifier", "texts", "source_index"}),
    unkept=frozenset({"lexemes", "truncated"}),
    born="made_index",
)
_VECTOR: LiteralString = "SELECT (registry.search_vector(%s) || array_to_tsvector(%s::text[]))::text"
_AGREEMENT_TEXTS = ("title", "resolution/", "grounds", "text")


def handle(page: Page, signed: Signed) -> None:
    """Apply an act that makes something to be found, opens or erases its text, or changes how it stands."""
    act = signed.act
    match act:
        case AgreementAdopted() | AgreementImported():
            place = f"{act.body}/{act.year}/{act.number}"
            own = {"identifier": act.identifier, "status": "in-force"}
            _make(page, signed, f"agreements/{place}", (act.body, act.year), own)
        case AgreementRevoked() | AgreementAnnulled() | AgreementSuspended() | AgreementReinstated() | VetoExercised():
            _stand(page, f"agreements/{act.body}/{act.year}/{act.number}", act)
        case ActaDrafted():
            draft = {"status": "drafted", "source_index": signed.index}
            _make(page, signed, f"actas/{act.session_path}", (act.body, act.year), draft)
        case ActaSealed():
            _last(page, f"actas/{act.session_path}")["status"] = "sealed"
        case TextPublished():
            _publish(page, signed, act)
        case PersonalDataErased():
            for index in sorted({erased.index for erased in act.disclosures}):
                _forget(page, index)
        case _:
            pass


# -- editions ------------------------------------------------------------------------------------------------------


def _make(page: Page, signed: Signed, name: str, place: tuple[str, int], own: Row) -> None:
    """Make an object's first edition, without text; an acta drafted anew begins again as its next edition."""
    first = page.find(EDITIONS, name, 0)
    row: Row = {
        "object": name,
        "edition": 0,
        "made_index": signed.index,
        "created_index": signed.index,
        "editions": 0,
        "kind": name.partition("/")[0],
        "body": place[0],
        "year": place[1],
        "identifier": None,
        "status": None,
        "cases": [],
        "source_index": None,
        "texts": [],
        "truncated": False,
        "replaced_index": None,
        **own,
    }
    if first is None:
        _put(page, row)
    else:
        _follow(page, signed, row | {"created_index": first["created_index"]})


def _put(page: Page, row: Row) -> None:
    lexemes, truncated = _lexemes(page, row)
    page.put(EDITIONS, {**row, "lexemes": lexemes, "truncated": truncated})


def _last(page: Page, name: str) -> Row:
    """Return the last edition of an object, to be changed."""
    first = page.find(EDITIONS, name, 0)
    return page.edit(EDITIONS, name, 0 if first is None else first["editions"])


def _follow(page: Page, signed: Signed, row: Row) -> None:
    """Put an edition behind the last one."""
    _last(page, row["object"])["replaced_index"] = signed.index
    first = page.edit(EDITIONS, row["object"], 0)
    first["editions"] += 1
    fresh = {"edition": first["editions"], "editions": None, "made_index": signed.index, "replaced_index": None}
    _put(page, {**row, **fresh})


def _stand(
    page: Page,
    name: str,
    act: AgreementRevoked | AgreementAnnulled | AgreementSuspended | AgreementReinstated | VetoExercised,
) -> None:
    """Note how an agreement stands now, as projections/validity.py does for its own row."""
    row = _last(page, name)
    match act:
        case AgreementRevoked():
            row["status"] = act.effect
        case AgreementAnnulled():
            row["status"] = "annulled"
        case AgreementReinstated():
            row["cases"] = [case for case in row["cases"] if case != act.case]
            if not row["cases"]:
                row["status"] = "in-force"
        case AgreementSuspended() | VetoExercised():
            case = act.case if isinstance(act, AgreementSuspended) else act.stream()
            if case not in row["cases"]:
                row.update(status="suspended", cases=[*row["cases"], case])


# -- texts ---------------------------------------------------------------------------------------------------------


def _publish(page: Page, signed: Signed, act: TextPublished) -> None:
    sealed = page.sealed_digests(act.index)
    names = [name for name in act.names if name in sealed] or ([] if act.names else sorted(sealed))
    for name, opened in _objects(page, act.index, names):
        first = page.find(EDITIONS, name, 0)
        if first is None:
            body, year = name.split("/")[1:3]
            _make(page, signed, name, (body, int(year)), {"texts": sorted(opened, key=_in_order)})
            continue
        row = _last(page, name)
        if row["source_index"] is not None and row["source_index"] != act.index:
            continue  # an earlier draft: the acta is found by what it says as it stands
        texts = [*row["texts"], *(place for place in opened if place not in row["texts"])]
        if len(texts) > len(row["texts"]):
            _follow(page, signed, {**row, "texts": sorted(texts, key=_in_order)})


def _objects(page: Page, index: int, names: Iterable[str]) -> list[tuple[str, list[Place]]]:
    """Return which objects the named texts of an entry belong to; texts of other things are of none."""
    statement = page.entry(index).act.statement
    kind, _, path = statement.stream.partition("/")
    found: dict[str, list[Place]] = {}
    for name in names:
        match kind:
            case "agreement" if statement.type in {"AgreementAdopted/1", "AgreementImported/1"}:
                if name.startswith(_AGREEMENT_TEXTS):
                    found.setdefault(f"agreements/{path}", []).append([index, name])
            case "acta" if name.startswith("block/"):
                found.setdefault(f"actas/{path}", []).append([index, name])
            case "session" if name.startswith("item/") and name.endswith("/title"):
                found.setdefault(f"agenda-items/{path}/{name.split('/')[1]}", []).append([index, name])
            case "session" if statement.type == "ItemAdded/1" and name == "title":
                item = statement.data["item"]
                found.setdefault(f"agenda-items/{path}/{item}", []).append([index, name])
            case _:
                pass
    return sorted(found.items())


def _in_order(place: Place) -> tuple[object, ...]:
    """Order texts as they are read: the title first, then by number."""
    index, name = place
    head, _, number = name.partition("/")
    return index, head != "title", head, int(number) if number.isdigit() else 0, name


def _forget(page: Page, index: int) -> None:
    """Make all editions that hold a text of an entry anew, without what is gone."""
    for name, _ in _objects(page, index, page.sealed_digests(index)):
        first = page.find(EDITIONS, name, 0)
        for edition in range(0 if first is None else first["editions"] + 1):
            row = page.edit(EDITIONS, name, edition)
            if any(place[0] == index for place in row["texts"]):
                row["lexemes"], row["truncated"] = _lexemes(page, row)


def _lexemes(page: Page, row: Row) -> tuple[str, bool]:
    """Return the words by which a row is found, as PostgreSQL writes them, and whether text was left out."""
    signs: tuple[str, ...] = ()
    if row["identifier"] is not None:
        number = int(row["object"].rpartition("/")[2])
        signs = signs_of(row["identifier"], number, row["year"])
    text = "\n\n".join(filter(None, (_text(page, *place) for place in row["texts"])))
    found = page.cursor.execute(_VECTOR, (text[:MAX_INDEXED_CHARS], list(signs)), prepare=True).fetchone()
    return ("" if found is None else found[0]), len(text) > MAX_INDEXED_CHARS


def _text(page: Page, index: int, name: str) -> str:
    """Return an opened text, empty where it was erased.

    Raises:
        StoreError: "text-altered": the vault gives another than the one that was signed.
    """
    digest = page.sealed_digests(index).get(name)
    text = None if page.reader is None or digest is None else page.reader(digest)
    if text is None or digest is None:
        return ""
    if disclosure.digest(text) != digest:
        raise StoreError("text-altered", f"{index} {name}")
    return plain_text(disclosure.parse(text).value)


def plain_text(value: object) -> str:
    """Return what people read of an opened value: a text itself, a block's text (its data are not prose)."""
    match value:
        case str(said) | {"text": str(said)}:
            return said
        case _:
            return ""


REGISTRY = Registry(
    "search",
    (EDITIONS,),
    {"agreement": None, "veto": None, "acta": None, "publication": None, "erasure": None},
    handle,
)
