"""The message catalogues: every code that can be raised has its sentences, in both languages, and they fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from ledger.texts import LANGUAGES, catalogue, has, text
from ledger.verify.texts import say

ROOT = Path(__file__).parents[2]
SOURCES = [path for top in ("ledger", "api", "projections", "migrations") for path in (ROOT / top).rglob("*.py")]
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
WORDS = {"taken", "basis"}  # ConflictError writes conflict-taken, conflict-basis
SAY = {"fail", "say", "not_found", "remark", "refuse"}


def raised() -> dict[str, str]:
    """Return every code that some call of an error class or of `fail` names, and where."""
    found: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if not name.endswith(("Error", "Violation")) and name not in SAY:
                continue
            for argument in node.args[:4]:
                value = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(value, str) and CODE.fullmatch(value) and value not in WORDS:
                    found[value] = str(path.relative_to(ROOT))
                    break
    return found


OWN_SENTENCES = {code for code in raised() if code.startswith("postgres-") and code != "postgres-too-old"}


def test_codes_were_found() -> None:
    """The search finds what is known to be raised, so an empty result cannot pass for a good one."""
    assert {"number-gap", "not-canonical", "data-dir-unusable"} <= raised().keys()


@pytest.mark.parametrize("code", sorted(raised().keys() - OWN_SENTENCES))
def test_every_code_has_its_sentences(code: str) -> None:
    """A code that can be raised has a Spanish and an English sentence."""
    assert has(code), f"{code} ({raised()[code]}) stands in no catalogue"


def test_the_languages_say_the_same_codes_with_the_same_parameters() -> None:
    """No sentence is missing in one language; both fill the same parameters, the welcome page apart."""
    spanish, english = (catalogue(lang) for lang in LANGUAGES)
    assert spanish.keys() == english.keys()
    for code in spanish:
        if not code.startswith("cli-welcome"):
            assert _fields(spanish[code]) == _fields(english[code]), code


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_an_unknown_code_never_fails_an_answer() -> None:
    """A code without a sentence and a sentence without a parameter still give something to read."""
    assert "no-such-code" in text("no-such-code")
    assert "‹port›" in text("port-in-use", "es")


def remarked() -> set[str]:
    """Return every code with which a rule of the ledger makes a remark."""
    found: set[str] = set()
    for path in (ROOT / "ledger" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "remark":
                code = node.args[0]
                assert isinstance(code, ast.Constant)
                found.add(str(code.value))
    return found


@pytest.mark.parametrize("code", sorted(remarked()))
def test_every_remark_has_its_sentences(code: str) -> None:
    """What a rule remarks is said in words by the verifier, in both languages, and not by its code."""
    for lang in LANGUAGES:
        assert say(lang, "remarks", code) != code
