"""GET over transparency: requests on their clock, what is withheld as of a day, the index, that an act exists."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.crypto.canonical import dumps
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

DAY = "2026-03-20"


def test_public_view_of_a_reserved_act_still_shows_that_it_exists(client: httpx.Client) -> None:
    """A8: number, date, body, generic title and ground are shown; the text itself is not, and the legend is (T7)."""
    found = get(client, "agreements/hcd/2026/1")
    assert (found["publicity"], found["body"], found["number"]) == ("partial", "hcd", 1)
    assert found["texts"]["title"]["value"] == "Acuerdo 1"
    assert not found["texts"]["resolution/2"]["published"]
    [part] = [each for each in found["withheld"] if each["reason"] == "classified"]
    assert (part["names"], part["legal_ground"], part["character"]) == (["resolution/2"], "112.VI", "reserved")
    assert part["legend"].startswith("RESERVADA. Fecha de clasificación: 2026-03-")
    assert get(client, "agreements/viejo/2006/1")["publicity"] == "public"
    assert get(client, "agreements/hcd/2026/1", as_of=DAY)["publicity"] == "partial"


def test_expired_reservation_auto_flag(client: httpx.Client) -> None:
    """T5: from the day on which the term ends the registry flags it, although no act says so."""
    [before] = get(client, "classifications", on="2029-02-28", status="in-force")["data"]
    assert "flag" not in before
    [after] = get(client, "classifications", on="2029-03-01", status="expired")["data"]
    assert (after["flag"], after["status"], after["extended"]) == ("declassify", "expired", True)
    assert client.get(after["id"], params={"on": "2029-03-01"}).json().items() >= after.items()
    assert get(client, "agreements/hcd/2026/1", as_of="2029-03-01")["publicity"] == "public"
    [lifted] = get(client, "classifications", on=DAY, status="declassified")["data"]
    assert lifted["steps"][-1]["cause"] == "cause-ceased"


def test_requests_show_their_clock_as_of_a_day(client: httpx.Client) -> None:
    """In process until the due day, overdue the day after; answered is answered."""
    [waiting] = get(client, "access-requests", on=DAY, status="in-process")["data"]
    assert (waiting["number"], waiting["folio"]) == (2, "AR-0002")
    [late] = get(client, "access-requests", on="2026-05-01", status="overdue")["data"]
    assert (late["key"], late["days_overdue"] > 0) == (waiting["key"], True)
    first = get(client, "access-requests/ctd/2026/1", on=DAY)
    assert (first["status"], first["modality"], first["extended"]) == ("resolved", "public-version", True)
    assert [step["phase"] for step in first["steps"]][:3] == ["received", "prevented", "received"]
    assert not first["texts"]["petitioner"]["published"]
    [of_arco] = get(client, "access-requests", on=DAY, right="cancellation")["data"]
    assert (of_arco["modality"], len(of_arco["blocked"])) == ("granted", 1)


def test_erased_personal_datum_leaves_hash_chain_valid_over_http(client: httpx.Client) -> None:
    """What a granted cancellation erased is gone from every answer; its act and proof of place stay."""
    found: dict[str, Any] = get(client, "persons/p-datos-1")
    assert found["texts"]["name"].keys() >= {"erased_index", "index"}
    assert "value" not in found["texts"]["name"]
    assert client.get(found["links"]["act"]).json()["statement"]["sealed"].keys() == {"name"}


def test_the_index_of_what_is_reserved_is_computed_again(client: httpx.Client) -> None:
    """H3: what was published by hash is what anybody computes; the present one lists object, area, term and ground."""
    published = get(client, "reserved-indexes/ctd/2025/2")
    assert (published["matches"], published["rows"], published["contents"]) == (True, 0, [])
    answer = client.get("/api/v1/reserved-index", params={"on": DAY})
    [row] = answer.json()["rows"]
    assert (row["object"], row["ground"], row["part"], row["area"]) == (
        "agreement/hcd/2026/1",
        "112.VI",
        "partial",
        "dir",
    )
    assert dumps(answer.json()) == answer.content
    assert answer.headers["etag"] != sha256(b"").hexdigest()
    assert client.get("/api/v1/reserved-indexes/ctd/2025/1").status_code == 404


def test_versions_and_consultations_are_listed(client: httpx.Client) -> None:
    """A version says whether it holds and what of it is public again; a consultation to whom is sealed."""
    [version] = get(client, "public-versions", object="agreement/hcd/2026/1")["data"]
    assert (version["holds"], version["withheld_count"], version["public_again"]) == (True, 1, [])
    later = get(client, f"public-versions/{version['key']}", as_of="2029-03-01")
    assert later["public_again"] == ["resolution/2"]
    [read] = get(client, "consultations", entry=version["entry_index"])["data"]
    assert (read["names"], read["texts"]["reader"]["published"]) == (["resolution/2"], False)
    assert get(client, f"consultations/{read['key']}")["key"] == read["key"]
