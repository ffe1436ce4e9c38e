"""Bodies whose seats are filled by vote, to tell stories of: a council, the assembly above it, one below it.

The council `hcd` (tests.kit.council) is designated by the assembly `agd`; its workers' seats may be filled
provisionally by itself. It designates in turn to `ccvn`, whose secretary is named by oficio. Organisations speak by
their enlaces in `enlaces`. Votes and agreements are put as they would stand after a session, where a test does not
care how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Seat, SeatsDefined, SectorRule
from ledger.acts.designation import DesignationApproved, DesignationEnded, DesignationRegistered
from ledger.acts.nomination import Declared, DesignationProposed, DesignationValidated, Impediment, Point
from ledger.acts.trust import PersonRegistered
from ledger.domain.agreement_state import AgreementState
from ledger.domain.states import VoteState
from ledger.ids import parse_written
from tests.kit.council import SECRETARY, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.domain.designation import DesignationState

TODAY = "2026-05-27T10:00:00-06:00"
BEGINS = "2026-07-01T00:00:00-06:00"
ENDS = "2032-07-01T00:00:00-06:00"
SEAT = "obrero-2"
CTN, CDI = "designation/enlaces/ctn/1", "designation/enlaces/cdi/1"
PROSECRETARY = "designation/hcd/prosecretaria/1"
POINTS = get_args(Point)
IMPEDIMENTS = get_args(Impediment)
HCD_SECTORS = (
    SectorRule(sector="obrero", proposers=("ctn",), competent="agd", provisional="hcd"),
    SectorRule(sector="patronal", proposers=("cdi",), competent="agd"),
    SectorRule(sector="ninguno", way="oficio"),
)
CCVN_SECTORS = (
    SectorRule(sector="obrero", proposers=("ctn", "otra"), competent="hcd"),
    SectorRule(sector="secretaria", way="oficio", competent="hcd"),
)


def seated() -> Story:
    """Return a story in which everybody stands; obrero-2's terms as registered on paper ended, the seat is vacant."""
    story = founded(rules(sectors=HCD_SECTORS, expiry_notice_days=90))
    ends = "2026-01-01T00:00:00-06:00"
    story.given(
        *(_body("agd", "assembly", ("vocal-1", "member", "obrero", True))),
        *(_body("enlaces", "other", *((name, "liaison", "x", False) for name in ("ctn", "cdi")))),
        *(
            _body(
                "ccvn",
                "consultative",
                ("vocal-1", "member", "obrero", True),
                ("vocal-2", "member", "obrero", True),
                ("vocal-3", "member", "estado", True),
                ("secretario", "secretary", "secretaria", False),
            )
        ),
        BodyRulesAdopted(body="ccvn", profile="IMSS_CC", rules=rules(sectors=CCVN_SECTORS), valid_from="2020-01-01"),
        SeatsDefined(
            body="hcd",
            seats=(Seat(seat="prosecretaria", sector="ninguno", role="prosecretary", voting=False),),
            valid_from="2020-01-01",
        ),
        *(PersonRegistered(person=name) for name in ("ana", "beto", "carla", "ctn.1", "cdi.1", "pro")),
        _paper("enlaces", "ctn", "ctn.1"),
        _paper("enlaces", "cdi", "cdi.1"),
        _paper("hcd", "prosecretaria", "pro"),
        *(DesignationEnded(body="hcd", seat=SEAT, number=number, ended_at=ends, cause="resigned") for number in (1, 2)),
    )
    return story.at(TODAY)


def _body(body: str, kind: Any, *seats: tuple[str, Any, str, bool]) -> tuple[Any, ...]:
    defined = tuple(Seat(seat=name, role=role, sector=sector, voting=voting) for name, role, sector, voting in seats)
    return BodyRegistered(body=body, body_kind=kind), SeatsDefined(body=body, seats=defined, valid_from="2020-01-01")


def _paper(body: str, seat: str, person: str) -> DesignationRegistered:
    return DesignationRegistered(
        body=body, seat=seat, number=1, person=person, capacity="propietario", begins_at="2020-01-01T00:00:00-06:00"
    )


def basis_of(story: Story, *streams: str) -> dict[str, str]:
    """Return a basis of those of the streams in which something stands."""
    return {name: story.world.states[name].statement for name in streams if name in story.world.states}


def held(story: Story, number: int = 3, seat: str = SEAT, body: str = "hcd") -> DesignationState:
    """Return a designation as it stands."""
    state: Any = story.state(f"designation/{body}/{seat}/{number}")
    found: DesignationState = state
    return found


# -- votes -------------------------------------------------------------------------------------------------------------


def voted(story: Story, body: str, number: int, result: Any = "approved", phase: Any = "declared") -> str:
    """Put a vote of a body, declared now, and the agreement that it adopted; return the vote's stream."""
    path = f"{body}/2026/ord/{number}"
    at = parse_written(story.now)
    heading = (4, story.size, f"{story.size:064x}")
    vote = VoteState(
        *heading,
        session=path,
        body=body,
        number=1,
        item=1,
        method="roll-call",
        majority="simple",
        phase=phase,
        last_at=at,
        result=result,
    )
    story.put(f"vote/{path}/1", vote)
    if result == "approved":
        story.put(
            f"agreement/{body}/2026/{number}",
            AgreementState(
                1,
                story.size + 1,
                f"{story.size + 1:064x}",
                body=body,
                year=2026,
                number=number,
                identifier=f"{number}/2026",
                vote=f"vote/{path}/1",
                ordinal=1,
                session=path,
                imported=False,
                adopted_index=story.size + 1,
                adopted_on=at.date(),
                last_at=at,
            ),
        )
    story.size += 2
    return f"vote/{path}/1"


# -- acts --------------------------------------------------------------------------------------------------------------


def proposed(number: int = 1, office: str = CTN, body: str = "hcd", seat: str = SEAT, **changes: Any) -> Said:
    """Return a proposal of Ana by the workers' organisation."""
    made: dict[str, Any] = {
        "organization": "ctn",
        "person": "ana",
        "capacity": "propietario",
        "begins_at": BEGINS,
        "ends_at": ENDS,
    }
    return say(DesignationProposed(body=body, seat=seat, proposal=number, **(made | changes)), office=office)


def approvable(number: int = 1, office: str = SECRETARY, body: str = "hcd", seat: str = SEAT, **changes: Any) -> Said:
    """Return the validation of a proposal with every point fulfilled and every impediment denied."""
    made: dict[str, Any] = {
        "checklist": POINTS,
        "impediments": tuple(Declared(impediment=each, answer="none") for each in IMPEDIMENTS),
    }
    return say(DesignationValidated(body=body, seat=seat, proposal=number, **(made | changes)), office=office)


def approved(
    story: Story,
    agreement: str,
    number: int = 3,
    proposal: int = 1,
    **changes: Any,
) -> Said:
    """Return a designation by an agreement, as proposed."""
    made: dict[str, Any] = {
        "person": "ana",
        "capacity": "propietario",
        "begins_at": BEGINS,
        "ends_at": ENDS,
        "effect": "definitive",
    }
    place = {"body": "hcd", "seat": SEAT}
    act = DesignationApproved(number=number, proposal=proposal, agreement=agreement, **(place | made | changes))
    basis = basis_of(story, f"proposal/{act.body}/{act.seat}/{proposal}", agreement)
    return say(act, office=SECRETARY, basis=basis)


def with_ana(effect: Any = "definitive") -> Story:
    """Return a story in which Ana was proposed, validated and designated to obrero-2 by the third designation."""
    story = seated().given(proposed(), approvable())
    body = "agd" if effect == "definitive" else "hcd"
    voted(story, body, 1)
    return story.given(approved(story, f"agreement/{body}/2026/1", effect=effect))
