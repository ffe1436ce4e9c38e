"""The sheets computed again as an auditor with a JSON reader would: no act classes, no states, no shared code."""

from __future__ import annotations

import base64
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = 86_400


@dataclass(frozen=True)
class Plain:
    """An entry as JSON."""

    index: int
    recorded_at: str
    said: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.said["data"]
        return data

    @property
    def type(self) -> str:
        name, _, _ = self.said["type"].partition("/")
        return str(name)

    @property
    def kind(self) -> str:
        return str(self.said["stream"].split("/")[0])

    @property
    def path(self) -> str:
        return str(self.said["stream"].partition("/")[2])

    @property
    def delay(self) -> int:
        late = datetime.fromisoformat(self.recorded_at) - datetime.fromisoformat(self.said["occurred_at"])
        return late.days * SECONDS + late.seconds


def plain(raws: Iterable[bytes]) -> list[Plain]:
    """Read entries as JSON."""
    found = []
    for raw in raws:
        entry = json.loads(raw)
        said = json.loads(base64.b64decode(entry["act"]["payload"]))
        found.append(Plain(entry["index"], entry["recorded_at"], said))
    return found


def amounts(entries: list[Plain]) -> dict[str, tuple[int, int]]:
    """Return resolutivo → (authorised, exercised) in centavos."""
    money: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in entries:
        if each.kind == "fulfilment":
            money[each.path][0] += each.data.get("authorized_amount", 0)
            money[each.path][1] += each.data.get("amount", 0)
    return {path: (one, other) for path, (one, other) in money.items() if one or other}


def delays(entries: list[Plain]) -> dict[tuple[str, str], list[int]]:
    """Return body and type → the delays, rising."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in entries:
        found[each.data.get("body", ""), each.said["type"]].append(each.delay)
    return {key: sorted(values) for key, values in found.items()}


def series(entries: list[Plain], kinds: Iterable[str]) -> dict[str, set[int]]:
    """Return series → its numbers."""
    wanted, found = set(kinds), defaultdict(set)
    for each in entries:
        if each.kind in wanted:
            name, _, number = each.said["stream"].rpartition("/")
            found[name].add(int(number))
    return dict(found)


def folios(entries: list[Plain]) -> dict[str, Counter[int]]:
    """Return book → folio → how often it was used."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for each in entries:
        if each.type == "FoliosAssigned":
            found[each.path].update(range(each.data["first"], each.data["last"] + 1))
        elif each.type == "FolioCancelled":
            found[each.path][each.data["folio"]] += 1
        elif each.type == "BookOpened":
            found[each.path].update()
    return dict(found)


def sectors(entries: list[Plain]) -> Counter[tuple[str, str, str]]:
    """Return how many seats of (vote, sector) made each choice that stands in public."""
    sector = {
        (each.data["body"], seat["seat"]): seat["sector"]
        for each in entries
        if each.type == "SeatsDefined"
        for seat in each.data["seats"]
    }
    last: dict[tuple[str, str], tuple[str, str]] = {}
    for each in entries:
        vote = "/".join(each.path.split("/")[:5])
        if each.type in {"BallotCast", "BallotCorrected"}:
            last[vote, each.data["seat"]] = each.data["body"], each.data["choice"]
        if each.type == "RollCallRecorded":
            for choice in ("favor", "contra", "abstencion"):
                for seat in each.data.get(choice, ()):
                    last[vote, seat] = each.data["body"], choice
    return Counter((vote, sector[body, seat], choice) for (vote, seat), (body, choice) in last.items())


def actas(entries: list[Plain]) -> dict[str, int | None]:
    """Return session that closed → days until its acta was sealed."""
    closed, sealed = {}, {}
    for each in entries:
        day = date.fromisoformat(each.said["occurred_at"][:10])
        if each.type == "SessionClosed":
            closed[each.path] = day
        if each.type == "ActaSealed":
            sealed[each.path] = day
    return {path: (sealed[path] - day).days if path in sealed else None for path, day in closed.items()}


def attendance(entries: list[Plain]) -> Counter[tuple[str, str]]:
    """Return (body, seat) → in how many sessions that were opened somebody sat there."""
    opened = {each.path for each in entries if each.type == "SessionOpened"}
    came = {
        (each.path, each.data["body"], arrival["seat"])
        for each in entries
        if each.type == "AttendanceRecorded" and each.path in opened
        for arrival in each.data.get("arrivals", ())
    }
    return Counter((body, seat) for _, body, seat in came)
