"""Whether who signed a paper is who made the act that it carries: by the key, where one e.firma does both."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from api.demo.record import certify
from api.exporting import policy_of
from ledger.crypto.x509 import Certificate
from ledger.verify.paper import check_pdf, run_pdf
from ledger.verify.trust import Trust
from tests.kit.desk import ACTA, CERTIFICATE, YEAR, Desk, settle_desk
from tests.kit.paper import authority
from tests.kit.porta_http import Browser

if TYPE_CHECKING:
    import httpx

    from api.system import System


@pytest.fixture(scope="module")
def desk(system: System) -> Desk:
    """Give the desk."""
    return settle_desk(system)


@pytest.mark.parametrize("own", [True, False])
def test_the_key_of_the_act_makes_the_signatory_known(
    http: httpx.Client, system: System, desk: Desk, *, own: bool
) -> None:
    """Certified and signed with one e.firma it is hers; where another key certified, that nobody compared is said."""
    key = f"hcd/{YEAR}/2" if own else CERTIFICATE
    if own:
        certify(desk.town, ("hcd", YEAR, 2), [f"acta/{ACTA}"], desk.secretary.officer)
    signed = Browser(http, system, desk.secretary).sign("certificacion", key)
    trust = Trust(policy=policy_of(system), roots=(Certificate.parse(authority().root.der),))
    paper, told = check_pdf(signed, trust), io.StringIO()
    assert run_pdf(signed, trust, "es", told) == 0
    assert paper.bound is own
    assert ("paper-signatory" in paper.not_checked) is not own
    assert "VEREDICTO sobre el documento, con los actos que trae: VALID" in told.getvalue()
    assert ("Que quien firmó la hoja sea quien firmó los actos" in told.getvalue()) is not own
