"""Notices of expiry: in time, to who is entitled, once (domain.md §3.8, rows C4, C5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.acts.nomination import ExpiryNoticeAcknowledged, ExpiryNoticeIssued
from ledger.acts.trust import PersonRegistered
from ledger.domain import notice
from ledger.domain.notice import NoticeState, days_left
from ledger.errors import RuleViolation
from ledger.ids import parse_written
from tests.domain.test_appointment import ended
from tests.kit.council import SECRETARY
from tests.kit.seating import CDI, CTN, SEAT, with_ana
from tests.kit.story import Said, Story, say

PLACE: dict[str, Any] = {"body": "hcd", "seat": SEAT, "designation": 3}
SOON = "2032-05-27T10:00:00-06:00"


def issued(left: int = 35, organization: str = "ctn", **place: Any) -> Said:
    """Return a notice."""
    act = ExpiryNoticeIssued(**(PLACE | place), organization=organization, oficio="SG/7/2032", days_left=left)
    return say(act, office=SECRETARY)


def acknowledged(office: str = CTN, at: str | None = None) -> Said:
    """Return its receipt."""
    return say(ExpiryNoticeAcknowledged(**PLACE, answer="will-ratify"), office=office, at=at)


def test_expiry_notice_idempotent() -> None:
    """The same notice has one effect: a second one is told that it stands, and changes nothing."""
    story = with_ana().at(SOON).given(issued())
    before = story.state(f"notice/hcd/{SEAT}/3")
    story.when(issued()).refused("already-notified", index=before.index)
    story.at("2032-06-10T10:00:00-06:00").when(issued(21)).refused("already-notified")
    assert story.state(f"notice/hcd/{SEAT}/3") == before


def test_a_notice_says_how_many_days_are_left_and_is_not_too_early() -> None:
    """The days are counted from the legal day; more than the rules' ninety are too early."""
    assert days_left(parse_written("2032-07-01T00:00:00-06:00"), date(2032, 5, 27)) == 35
    story = with_ana().at("2032-04-01T10:00:00-06:00")
    story.when(issued(91)).refused("notice-too-early", limit=90)
    story.at("2032-04-02T10:00:00-06:00").when(issued(90)).accepted()
    again = with_ana().at(SOON)
    again.when(issued(34)).refused("days-left-mismatch", expected=35)


def test_a_notice_goes_to_who_is_entitled_to_propose() -> None:
    """D2: the organisations of the seat's sector, nobody else."""
    story = with_ana().at(SOON)
    story.when(issued(organization="cdi")).refused("organization-not-entitled")
    story.given(issued())


def test_only_a_term_that_will_end_is_announced() -> None:
    """Not one without end, not one that is over, ended or never made."""
    story = with_ana().at("2032-07-01T00:00:00-06:00")
    story.when(issued(0)).refused("outside-term")
    story.when(issued(designation=9)).refused("designation-unknown")
    story.when(issued(seat="obrero-1", designation=1)).refused("term-without-end")
    story.at(SOON)
    story.given(ended(story, "deceased")).when(issued()).refused("already-ended")


def test_a_notice_is_acknowledged_once_by_its_organisation() -> None:
    """By its own enlace, or entered by the secretary; with what it means to do."""
    story = with_ana().at(SOON)
    story.when(acknowledged()).refused("notice-unknown")
    with pytest.raises(RuleViolation, match="notice-unknown"):
        story.assume(acknowledged())
    story.given(issued())
    story.when(acknowledged(CDI)).refused("not-of-the-unit")
    story.when(acknowledged(at="2032-05-01T10:00:00-06:00")).refused("back-dated")
    story.given(acknowledged())
    state = story.state(f"notice/hcd/{SEAT}/3")
    assert isinstance(state, NoticeState)
    assert (state.organization, state.answer) == ("ctn", "will-ratify")
    story.when(acknowledged(SECRETARY)).refused("notice-acknowledged")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of notices come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        notice.evolve(None, stray)
