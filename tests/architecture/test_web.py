"""The pages' modules: what they say is written, what they import is there, and they are text that anybody can read."""

from __future__ import annotations

import re

import pytest

from api.web import assets
from api.web.signing import sentences
from api.web.verifying import ENTRY, inlined, words

RAISED = re.compile(r'(?:need\([^;]*?, |new Refused\(|find\(\d+, )"([a-z0-9-]+)"')
MODULES = sorted(name for name in assets.names() if name.endswith(".mjs"))
NEVER_SEEN = {"bad-cipher", "bad-der", "bad-padding"}
"""Whoever reads DER says what of, and whoever deciphers a key that its password is wrong."""


def test_every_code_of_the_modules_has_its_sentence() -> None:
    """What /verificar may refuse a document for is said in words, those of the other verifiers."""
    raised = {code for name in MODULES for code in RAISED.findall(assets.asset(name).decode())}
    assert {"pdf-appended", "checkpoint-not-signed", "file-differs", "cms-malformed"} <= raised
    assert raised - NEVER_SEEN <= words()["codes"].keys() | sentences().keys()


def test_every_sentence_of_the_page_is_used() -> None:
    """No word of the pages' own is left over, and none that they ask for is missing."""
    source = "".join(assets.asset(name).decode() for name in MODULES)
    own = {code for code in sentences() if code.startswith("sign-")}
    assert set(re.findall(r'"(sign-[a-z-]+)"', source)) == own
    assert [name for name in words()["page"] if name not in source and not name.startswith(("step-", "form-"))] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_small_and_needs_nobody(name: str) -> None:
    """At most 300 lines, imports from beside it alone, and nothing that makes markup or code out of text."""
    source = assets.asset(name).decode()
    assert len(source.splitlines()) <= 300
    assert {
        found for found in re.findall(r'from "([^"]+)"', source) if not re.fullmatch(r"\./[a-z0-9-]+\.mjs", found)
    } == set()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|https?:", source
    )


def test_the_saved_page_holds_every_module_once() -> None:
    """The one script has each module that the page needs before those that use it, and no import is left."""
    script = inlined(ENTRY)
    made = re.findall(r"^const \$([a-z0-9_]+) = ", script, re.MULTILINE)
    assert len(made) == len(set(made))
    assert {"bytes", "pdf", "cms", "x509", "evidence", "check"} <= set(made)
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
