"""A body's own numbers: quorum, majorities, notice, who convenes, how seats are filled (domain.md §2.2, §3.1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.acts.base import Code, Count, Flag, Part, Slug

Role = Literal[
    "chair",
    "vice-chair",
    "member",
    "secretary",
    "prosecretary",
    "comisario",
    "registrar",
    "custodian",
    "guest",
    "liaison",
]


Method = Literal["roll-call", "ballot", "show-of-hands", "secret", "consensus", "acclamation"]
SessionKind = Literal["ordinary", "extraordinary", "solemn", "permanent"]


class Fraction(Part):
    """A share n/d of a base, e.g. 2/3."""

    n: Annotated[int, Field(strict=True, ge=0, le=1000)]
    d: Annotated[int, Field(strict=True, ge=1, le=1000)]


class QuorumRule(Part):
    """How many seats must be present.

    base: SEATS counts every voting seat that exists, vacant ones too; FILLED_SEATS only those with a holder.
    count: PLUS_ONE is "half plus one" (LFEP 20), MORE_THAN "more than half", AT_LEAST "at least two thirds".
    rounding: what a broken share becomes before the one is added (PLUS_ONE only).
    federal_sector: where set, those of this sector must be more than half of the voting seats present
        (LFEP 20's second test, off for tripartite bodies, domain.md §0.3).
    second_call: where set, at least this share is enough on second call (LGA 66).
    """

    base: Literal["SEATS", "FILLED_SEATS"] = "SEATS"
    share: Fraction = Fraction(n=1, d=2)
    count: Literal["PLUS_ONE", "MORE_THAN", "AT_LEAST"] = "PLUS_ONE"
    rounding: Literal["DOWN", "UP"] = "DOWN"
    federal_sector: Slug | None = None
    second_call: Fraction | None = None


class MajorityRule(Part):
    """When a motion carries.

    base: PRESENT counts abstentions as not in favour (LFEP 20); VOTES_CAST only for and against
        (Reglamento del Senado 93); SEATS every voting seat of the body.
    share: carries when favor/base > share, or >= share where `at_least`.
    """

    base: Literal["PRESENT", "VOTES_CAST", "SEATS"] = "PRESENT"
    share: Fraction = Fraction(n=1, d=2)
    at_least: Flag = False


class NumberingRule(Part):
    """How agreements of the body are numbered: one gapless series a year (domain.md §4).

    scheme: ACDO as the Consejo Técnico's, YEARLY `12/2026`, TEMPLATE as `template` says.
    template: how an identifier reads, with the fields {number}, {year}, {code}, {series}, {session}, {item}, {dd},
        {mm}, {yyyy} and {yy} of the session's day, e.g. `{item}.{session}.{year}` (ISSSTE) or
        `ODG/SE-{number}/{dd}/{mm}/{yyyy}` (IVAI). Counting stays what it is: without gaps, by body and year.
    """

    scheme: Literal["ACDO", "YEARLY", "TEMPLATE"] = "YEARLY"
    body_code: Annotated[str, Field(pattern=r"^[A-Z]{2,6}$")] | None = None
    template: Annotated[str, Field(pattern=r"^(?:[A-Z0-9./-]|\{[a-z]{2,7}\}){1,30}$", max_length=120)] | None = None


class Window(Part):
    """Business days after a day, both ends counted: what was not held then is held from the one to the other."""

    at_least: Count
    at_most: Annotated[int, Field(strict=True, ge=1, le=366)]


class ConvenerRule(Part):
    """Who convenes the body to which kinds of sessions (domain.md §2.2 R3; LSS 264.V, 266.V).

    body: the body by whose vote it is convened; absent: its own chair, through the secretary.
    """

    kinds: Annotated[tuple[SessionKind, ...], Field(min_length=1, max_length=4)]
    body: Slug | None = None


class SectorRule(Part):
    """How the seats of a sector are filled (domain.md §3.8 D2, D8; LSS 258, 263; S4 4.VII, 7.1.1.1.1(6)).

    proposers: the organisations entitled to propose for them.
    way: "vote" of a body, or "oficio" (secretaries).
    competent: the body whose vote designates; absent: the body itself.
    provisional: the body whose vote lets a designation take effect until the competent one ratifies; absent: none.
    """

    sector: Slug
    proposers: Annotated[tuple[Slug, ...], Field(max_length=40)] = ()
    way: Literal["vote", "oficio"] = "vote"
    competent: Slug | None = None
    provisional: Slug | None = None


class VetoRule(Part):
    """Whether the president may veto the body's agreements, and who decides then (LSS 269; RIIMSS 68.IV–V).

    power: of a president of a Consejo Consultivo or Junta de Gobierno, or of the Director General.
    resolver: the body that decides; absent: the one above.
    window_business_days: from adoption on, how long it may be vetoed; absent: no term is known.
    resolve_business_days: from admission on, by when the resolver is to decide; absent: no term is known.
    vetoer_recused: whether who vetoed has to excuse himself where he sits in the resolver; else it is only said.
    """

    power: Literal["president", "director-general"]
    resolver: Slug | None = None
    window_business_days: Count | None = None
    resolve_business_days: Count | None = None
    vetoer_recused: Flag = False


class SizeRule(Part):
    """How many members a body has by its law, both ends counted (LFEP 18)."""

    at_least: Count
    at_most: Annotated[int, Field(strict=True, ge=1, le=600)]


class CommitteeRule(Part):
    """How the body's committees are created (domain.md §2.2 R20; LFEP 56–58).

    share: at least this share of the members proposes one, unless its chair does.
    reserved: norms whose powers are not delegated, each with whatever stands below it: `LFEP 58` is `LFEP 58 II` too.
    """

    share: Fraction
    reserved: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class Rules(Part):
    """A body's own numbers; its profile. Every rule that the engine applies reads them from here.

    notice_business_days: between receipt of the convocation by each member and the session (LFEP 9).
    notice_breach: what a shorter notice, or one without proof of receipt, does (domain.md S3): REMARK is told and
        blocks nothing, measured from the sending; WAIVER is measured from receipt and lets the session open only where
        all members present waive it; BLOCK lets it not open at all.
    reschedule_window: when a session that could not be held is held instead (RLFEP 18.III: 5 to 15).
    majority_for: kinds of motions that carry only by the majority named (a special one); others by whichever the vote
        names.
    holiday_calendar: stream `holidays/<name>`, on which business days are counted; absent: Monday to Friday.
    conveners: who may convene it; absent: its chair alone, to any session.
    sectors: how seats are filled; a sector that is not there is filled by what exists on paper only.
    expiry_notice_days: how many days before a term's end its proposers may be told (S4 7.1.1.1.1(9)); absent: any.
    certification: "reviewed" where a certificate is issued only on a request that one person compiled and another
        reviewed (G3); "direct" where the secretary may certify of himself.
    tie_rule: what a tie without casting vote ends in: rejected, voted once more and then put off (Reglamento del
        Senado 102), or put off at once.
    election_tie: whether a tie between candidates is voted again or broken by the chair.
    dissent_days: days after the declaration within which a voto particular is filed; None: until the acta is sealed.
    closed_agenda: kinds of sessions in which nothing is added to the convocation's orden del día.
    remote_allowed: whether members may attend from elsewhere (domain.md §2.2 R22).
    information_voted: whether an item of information may be voted, so that "se toma nota" bears a number.
    text_before_vote: whether an agreement needs its text to have been committed at the opening of its vote (I3).
    presiding: roles that preside, in the order in which one stands in for the other (B4).
    min_ordinary_per_year: ordinary sessions that a year has at least (R1); absent: no law says.
    few_ordinary: what a calendar with fewer of them does: REMARK is told, REFUSE is not approved.
    size: how many voting seats the body has by its law; another number is only told (R11).
    committees: how its committees are created (R20); absent: they are registered as they are.
    """

    quorum: QuorumRule = QuorumRule()
    majorities: Annotated[dict[Slug, MajorityRule], Field(min_length=1, max_length=12)]
    casting_vote: Flag = False
    tie_rule: Literal["REJECT", "REPEAT", "DEFER"] = "REJECT"
    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = ("roll-call",)
    abstention_allowed: Flag = True
    holdover: Flag = False
    numbering: NumberingRule = NumberingRule()
    acta_signers: Annotated[tuple[Role, ...], Field(min_length=1)] = ("secretary", "chair")
    refusal_blocks_sealing: Flag = False
    notice_business_days: Count | None = None
    notice_breach: Literal["REMARK", "WAIVER", "BLOCK"] = "REMARK"
    reschedule_window: Window | None = None
    holiday_calendar: Slug | None = None
    majority_for: Annotated[dict[Slug, Slug], Field(max_length=12)] | None = None
    conveners: Annotated[tuple[ConvenerRule, ...], Field(max_length=20)] | None = None
    sectors: Annotated[tuple[SectorRule, ...], Field(max_length=40)] | None = None
    expiry_notice_days: Count | None = None
    veto: VetoRule | None = None
    certification: Literal["direct", "reviewed"] = "direct"
    election_tie: Literal["REPEAT", "CASTING"] = "REPEAT"
    dissent_days: Count | None = None
    closed_agenda: tuple[SessionKind, ...] = ()
    remote_allowed: Flag = True
    information_voted: Flag = False
    text_before_vote: Flag = False
    presiding: Annotated[tuple[Literal["chair", "vice-chair"], ...], Field(min_length=1, max_length=2)] = (
        "chair",
        "vice-chair",
    )
    min_ordinary_per_year: Count | None = None
    few_ordinary: Literal["REMARK", "REFUSE"] = "REMARK"
    size: SizeRule | None = None
    committees: CommitteeRule | None = None
