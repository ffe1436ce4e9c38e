"""Rule profiles: data with sources (domain.md §2.2)."""

from __future__ import annotations

import pytest

from ledger import profiles
from ledger.acts.body import Fraction, Rules, Window

NAMES = (
    "COMITE_TRANSPARENCIA",
    "GENERIC",
    "IMSS_AG",
    "IMSS_CC",
    "IMSS_COMITE",
    "IMSS_HCT",
    "IMSS_JG",
    "LFEP_BOARD",
    "PARLIAMENT_MX",
    "PARLIAMENT_PE",
    "PARTY_COMMISSION",
    "PA_GABINETE",
)
# A profile may be silent on these: their defaults are no rule of anybody's.
OPTIONAL = {
    "certification",
    "closed_agenda",
    "committees",
    "conveners",
    "dissent_days",
    "election_tie",
    "expiry_notice_days",
    "few_ordinary",
    "holiday_calendar",
    "majority_for",
    "min_ordinary_per_year",
    "information_voted",
    "notice_breach",
    "notice_business_days",
    "presiding",
    "remote_allowed",
    "reschedule_window",
    "sectors",
    "size",
    "text_before_vote",
    "veto",
}


def test_the_shipped_profiles() -> None:
    """These are shipped, and a name that is not there is an error."""
    assert profiles.names() == NAMES
    with pytest.raises(KeyError):
        profiles.load("IMSS")


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_names_its_source(name: str) -> None:
    """Each number that a profile sets says where it comes from, and the titles tell whose it is."""
    found = profiles.profile(name)
    assert found.name == name
    assert found.title_es
    assert found.title_en
    assert all(len(source) > 10 for source in found.sources.values())
    named = {rule.partition(".")[0] for rule in found.sources}
    assert named == found.rules.model_fields_set
    assert {f"majorities.{rule}" for rule in found.rules.majorities} <= set(found.sources)
    assert named >= set(Rules.model_fields) - OPTIONAL


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_has_a_simple_majority(name: str) -> None:
    """`simple` is what an act says that names no majority."""
    assert profiles.load(name).majorities["simple"].share == Fraction(n=1, d=2)


def test_the_council_as_the_law_has_it() -> None:
    """Seven of twelve, majority of those present, casting vote, no federal test, five days' notice."""
    rules = profiles.load("IMSS_HCT")
    assert rules.quorum.federal_sector is None
    assert rules.majorities["simple"].base == "PRESENT"
    assert rules.casting_vote
    assert rules.notice_business_days == 5
    assert rules.notice_breach == "WAIVER"
    assert rules.reschedule_window == Window(at_least=5, at_most=15)
    assert rules.holiday_calendar == "mx-federal"
    assert rules.numbering.scheme == "ACDO"
    assert rules.numbering.body_code == "HCT"


def test_a_body_puts_its_own_code() -> None:
    """The demo's council numbers as HCD, and the profile itself stays as it is."""
    assert profiles.load("IMSS_HCT", body_code="HCD").numbering.body_code == "HCD"
    assert profiles.load("IMSS_HCT").numbering.body_code == "HCT"
    with pytest.raises(ValueError, match="body_code"):
        profiles.load("IMSS_HCT", body_code="hcd")


def test_parliament_counts_votes_cast() -> None:
    """Simple majority of votes cast, a tie is voted again, all four methods."""
    rules = profiles.load("PARLIAMENT_MX")
    assert rules.majorities["simple"].base == "VOTES_CAST"
    assert rules.tie_rule == "REPEAT"
    assert set(rules.methods) == {"roll-call", "ballot", "show-of-hands", "secret"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[casting_vote]\nvalue = true", "casting_vote names no source"),
        ("casting_vote = true", "casting_vote names no source"),
        ('[majorities.simple]\nbase = "PRESENT"', "majorities.simple names no source"),
        ('[quorums]\nvalue = 1\nsource = "x"\n[majorities.simple]\nsource = "x"', "quorums"),
        ("[majorities", "end of a table"),
    ],
)
def test_unfit_profiles_are_refused(text: str, said: str) -> None:
    """A rule without source, an unknown rule and what is not TOML are refused by name."""
    with pytest.raises(ValueError, match=said):
        profiles.parse("TEST", f'title_es = "a"\ntitle_en = "b"\n{text}')


def test_a_profile_without_titles_is_refused() -> None:
    """People are told whose rules they are."""
    with pytest.raises(ValueError, match="title_es"):
        profiles.parse("TEST", "")


@pytest.mark.parametrize(
    ("name", "power"), [("IMSS_HCT", "director-general"), ("IMSS_CC", "president"), ("IMSS_JG", "president")]
)
def test_who_may_veto(name: str, power: str) -> None:
    """The Director General over the council (LSS 269), the presidents over consultative councils and UMAE boards."""
    veto = profiles.load(name).veto
    assert veto is not None
    assert (veto.power, veto.resolver, veto.window_business_days) == (power, None, None)
    assert profiles.load("IMSS_COMITE").veto is None


def test_a_cabinet_decides_by_consensus() -> None:
    """Consensus is its method, and no casting vote stands behind it."""
    rules = profiles.load("PA_GABINETE")
    assert "consensus" in rules.methods
    assert not rules.casting_vote


def test_which_profiles_want_the_text_before_the_vote() -> None:
    """I3: council and assembly, whose script reads each text before its vote; of the others no source says so."""
    asked = {name for name in NAMES if profiles.load(name).text_before_vote}
    assert asked == {"IMSS_AG", "IMSS_HCT"}
