"""How fast one may ask: buckets that fill steadily, 429 with when to come again, and what is never slowed down."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import rates
from api.access.rates import BURST_S, Buckets, client_of
from api.access.tokens import compose
from api.demo.seed import town_of
from api.main import create_app
from ledger.acts.trust import PersonRegistered
from tests.api.test_acts import body_of, registration
from tests.api.test_problems import check_problem
from tests.kit.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System

RATES = {"reads_per_second": 2, "signed_reads_per_second": 5, "refused_per_second": 1}


@pytest.fixture
def limited(system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """Give a client of the system with low limits and full buckets, at an instant that lasts."""
    monkeypatch.setattr(rates, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    monkeypatch.setattr(system, "settings", system.settings.model_copy(update=RATES))
    with served(create_app(system)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def until_refused(client: httpx.Client, url: str, **how: Any) -> list[httpx.Response]:
    """Ask until the answer is 429; return all answers."""
    answers = [client.get(url, **how)]
    while answers[-1].status_code != 429 and len(answers) < 60:
        answers.append(client.get(url, **how))
    return answers


def test_who_asks_too_fast_is_told_when_to_come_again(limited: httpx.Client) -> None:
    """Every answer says how many more would be; the one too many is a problem in both languages, read across sites."""
    *let, last = until_refused(limited, "/api/v1/log/vkey", headers={"Origin": "https://periodico.example"})
    assert len(let) == RATES["reads_per_second"] * BURST_S
    assert let[0].headers["ratelimit-policy"] == '"reads";q=8;w=4'
    assert let[0].headers["ratelimit"] == '"reads";r=7;t=1'
    body = check_problem(last)
    assert body["code"] == "too-fast"
    assert "2 por segundo" in body["detail"]
    assert last.headers["retry-after"] == "1"
    assert last.headers["ratelimit"].startswith('"reads";r=0;t=')
    assert last.headers["access-control-allow-origin"] == "*"
    assert "RateLimit" in last.headers["access-control-expose-headers"]


def test_health_is_never_refused(limited: httpx.Client) -> None:
    """Whoever watches the service is answered whatever else comes from his address."""
    until_refused(limited, "/api/v1/log/vkey")
    answers = [limited.get("/api/v1/health") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_who_signs_has_a_larger_bucket_of_his_own(limited: httpx.Client, system: System) -> None:
    """It is the key's: an address that has used up its own is let in with a signature, and not with a false one."""
    until_refused(limited, "/api/v1/log/vkey")
    secretary = town_of(system).secretary

    def signed(audience: str) -> httpx.Response:
        token = compose(secretary, audience, "/api/v1/log/vkey")
        return limited.get("/api/v1/log/vkey", headers={"Authorization": f"Bearer {token}"})

    assert signed(system.ledger.origin).headers["ratelimit-policy"] == '"signed-reads";q=20;w=4'
    assert signed("otra.example/acervo").status_code == 429


def test_what_is_recorded_is_not_slowed_down_and_what_is_refused_is(limited: httpx.Client, system: System) -> None:
    """Sixty acts in a row from an address, all recorded; of submissions that are none, the first four are answered."""
    town = town_of(system)
    for number in range(60):
        assert limited.post("/api/v1/acts", content=body_of(registration(town, f"p-r{number}"))).status_code == 201
    refused = [limited.post("/api/v1/acts", content=b"{}") for _ in range(5)]
    assert [answer.status_code for answer in refused] == [400] * BURST_S + [429]
    assert check_problem(refused[-1])["code"] == "too-fast"
    act = town.desk.sign(PersonRegistered(person="p-otra"), town.founder, sealed={"name": "Otra"})
    assert limited.post("/api/v1/acts", content=body_of(act)).status_code == 429


@given(st.integers(1, 50), st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 3)), min_size=1, max_size=120))
def test_no_more_than_the_rate_and_the_reserve_come_through(rate: int, asked: list[tuple[str, float]]) -> None:
    """In any stretch of time, of each client: at most its seconds times the rate and a bucket; who waits is let in."""
    buckets, now = Buckets(rate), 1000.0
    passed: dict[str, list[float]] = {"a": [], "b": []}
    for client, pause in asked:
        now += pause
        taken = buckets.take(client, now)
        if taken.allowed:
            passed[client].append(now)
        else:
            assert buckets.see(client, now + taken.wait_s + 1e-6).allowed
            assert not buckets.see(client, now + taken.wait_s - 1e-3).allowed or taken.wait_s < 1e-3
    for times in passed.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= (times[last] - times[first]) * rate + buckets.size + 1e-3


def test_a_steady_reader_at_the_rate_is_never_refused() -> None:
    """For ten minutes at exactly the rate: windows would refuse at their edges, this does not."""
    buckets = Buckets(10)
    assert all(buckets.take("a", number / 10).allowed for number in range(6_000))


def test_forgotten_clients_do_not_cost_memory() -> None:
    """The least recently seen go first."""
    buckets = Buckets(1, most=2)
    for client in ("a", "b", "c"):
        for _ in range(5):
            buckets.take(client, 0.0)
    assert buckets.see("a", 0.0).allowed
    assert not buckets.see("c", 0.0).allowed


@pytest.mark.parametrize(
    ("address", "client"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.7", 5), "::ffff:c000:207"),
        (("proxy", 0), "proxy"),
        (None, None),
    ],
)
def test_whose_bucket_it_is(address: tuple[str, int] | None, client: str | None) -> None:
    """An address; of IPv6 the network that one customer has; none of a Unix socket, which is not limited."""
    assert client_of({"type": "http", "client": address}) == client
