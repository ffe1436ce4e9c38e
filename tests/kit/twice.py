"""The page's own modules and the command line asked about the same documents, as machines read their answers."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from tests.kit.judges import ran

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.kit.verificar import Papers

Change: TypeAlias = tuple[int, int, int]
"""Which of the documents brought, the byte's place, the bits to turn."""
_CHECK = """async ([brought, changes, policy, roots]) => {
  const {checkAnything} = await import("/web/check.mjs");
  const {isBound} = await import("/web/verdict.mjs");
  const {fromBase64} = await import("/web/bytes.mjs");
  const {Policy} = await import("/web/tree.mjs");
  const {parseCertificateFile} = await import("/web/x509.mjs");
  const {types} = JSON.parse(document.getElementById("datos").textContent);
  const trusted = roots.map((der) => parseCertificateFile(fromBase64(der)));
  const trust = {policy: await Policy.parse(policy), roots: trusted, stampRoots: [], types};
  const told = [];
  const documents = brought.map((document) => fromBase64(document));
  for (const [which, place, mask] of changes) {
    const document = documents[which].slice();
    document[place] ^= mask;
    const {result, code, paper, outcomes, conclusion} = await checkAnything(document, trust);
    const {headline, verdicts, aspects} = conclusion;
    const all = paper?.evidence ?? outcomes;
    const found = all.flatMap((each) => each.findings.map(({step, code}) => `V${step}/${code}`));
    const acts = all.flatMap((each) => each.acts).filter(({authorised}) => authorised !== true);
    const judged = acts.map(({index, authorised, why}) => ({index, authorised, why}));
    const bound = paper !== null && isBound(paper);
    told.push({result, code, found, judged, bound, verdict: {headline, verdicts, aspects}});
  }
  return told;
}"""
RESULTS = ("verified", "findings", "unusable")


def told_by_page(
    page: Page, papers: Papers, brought: list[bytes], changes: Iterable[Change] | None = None
) -> list[dict[str, Any]]:
    """Return what the page's own module says of each document, or of each of the changes; they are made in the page."""
    encoded, der = ([base64.b64encode(each).decode() for each in many] for many in (brought, [papers.root]))
    asked = [(which, 0, 0) for which in range(len(brought))] if changes is None else changes
    said: list[dict[str, Any]] = page.evaluate(_CHECK, [encoded, [list(each) for each in asked], papers.policy, der])
    return said


@dataclass(frozen=True)
class Answer:
    """What `acervo verify --json` answers.

    code: with what it ends. found: step and code of what it finds, or the code alone where it refuses the whole.
    verdict: headline, verdicts and aspects; None where the input cannot be used at all. judged: acts not allowed.
    bound: whether a paper's signatories are those whose acts it carries.
    """

    code: int
    found: frozenset[str]
    verdict: dict[str, Any] | None
    judged: list[dict[str, Any]]
    bound: bool = False

    @property
    def result(self) -> str:
        """The same as the page names it; what cannot be used at all, it calls findings."""
        return RESULTS[1 if self.verdict is None else self.code]


def told_by_command(papers: Papers, raw: bytes, folder: Path) -> Answer:
    """Return what the command line says of a document."""
    path = folder / ("x.pdf" if raw[1:4] == b"PDF" else "x.evidencia.zip")
    for file, content in ((path, raw), (folder / "policy", papers.policy.encode()), (folder / "root", papers.root)):
        file.write_bytes(content)
    code, text = ran(path, f"--policy={folder / 'policy'}", f"--root={folder / 'root'}", "--jobs=0", "--json")
    if not text.startswith("{"):
        return Answer(code, frozenset({text.split(": ")[1].split(".")[0]}), None, [])
    said = orjson.loads(text)
    verdict = {name: said["verdict"][name] for name in ("headline", "verdicts", "aspects")}
    whole = {said["code"]} if said.get("code") else set()
    found = frozenset(said.get("failed", whole))
    return Answer(code, found, verdict, said.get("authority", []), said.get("bound", False))
