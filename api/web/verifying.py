"""/verificar: what the page is given to check with, and the same page as one file that needs nobody (product.md §4.24).

The file is the page with style and modules inlined. Its policy of content, in a meta element, names their hashes and
allows nothing else: it cannot ask anybody anything.
"""

from __future__ import annotations

import re
import tomllib
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any

from api.enrolment import trusted_authorities
from api.exporting import policy_of
from api.web import assets, pages
from ledger import texts
from ledger.acts import act_types
from ledger.crypto.b64 import encode_base64
from ledger.crypto.x509 import authorities_in
from ledger.verify.standalone import TYPES as STREAMS
from ledger.verify.texts import catalogue, say

if TYPE_CHECKING:
    from pathlib import Path

    from api.system import System
    from ledger.acts import Grant

TITLE = "Comprobar un documento"
TEMPLATE = "verificar.html"
ENTRY = "verificar.mjs"
_OF_VERIFIER = ("paper", "status", "steps", "words")
_CODE = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"')
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z0-9-]+\.mjs)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)


def data_of(system: System) -> dict[str, Any]:
    """Return what the page checks with: the log's policy, trusted authorities, who may sign what, the sentences."""
    return {
        "policy": policy_of(system).format(),
        "authorities": _authorities(system),
        "stamping": _stamping(system),
        "types": types(),
        "words": words(),
    }


@cache
def types() -> dict[str, Any]:
    """Return of every act type the segments of its stream, where its data name them, and who may sign it."""
    return {
        name: {"stream": STREAMS.get(name, []), "may_sign": [_grant(each) for each in act.may_sign]}
        for name, act in act_types().items()
    }


def _grant(grant: Grant) -> dict[str, Any]:
    if grant.way != "role":
        return {"way": grant.way}
    return {"way": grant.way, "roles": sorted(grant.roles), "anywhere": grant.anywhere}


@cache
def words() -> dict[str, Any]:
    """Return the sentences: those of the verdicts and of the verifier, and the page's own."""
    verifier = catalogue("es")
    own = resources.files("api.web").joinpath("words", "verificar.toml").read_text(encoding="utf-8")
    return {
        **{section: verifier[section] for section in _OF_VERIFIER},
        "codes": {code: sentence for code in codes() if (sentence := say("es", "codes", code)) != code},
        "never": verifier["never"]["items"],
        "verdicts": {code: said for code, said in texts.catalogue("es").items() if code.startswith("verdict-")},
        "page": tomllib.loads(own),
    }


def codes() -> list[str]:
    """Return every text of the modules that looks like a code; those of the verifier have a sentence."""
    return sorted({code for name in assets.names() for code in _CODE.findall(assets.asset(name).decode())})


def _authorities(system: System) -> list[str]:
    """Return the certificates, base64 of DER, of the roots that the ledger's acts trust now."""
    return [encode_base64(state.der) for state in trusted_authorities(system) if state.issuer is None]


def _stamping(system: System) -> list[str]:
    """Return the certificates, base64 of DER, of the roots of time stamps that the operator named."""
    path = system.settings.tsa_roots
    return [] if path is None else _roots_at(path)


@cache
def _roots_at(path: Path) -> list[str]:
    """Read the roots once: a file that is being replaced must not take the page away."""
    return [encode_base64(root.der) for root in authorities_in(path)]


def saved(system: System) -> bytes:
    """Return the page as one file."""
    style, script = assets.asset("acervo.css").decode(), inlined(ENTRY)
    hashes = f"script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    allowed = f"default-src 'none'; {hashes}; img-src data:; base-uri 'none'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n<style>{style}</style>\n'
    return pages.whole(
        system,
        TEMPLATE,
        title=TITLE,
        head=head,
        tail=f'{pages.data_block(data_of(system))}\n<script type="module">{script}</script>',
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def inlined(entry: str) -> str:
    """Return a module and all that it imports as one script: each module a function that returns what it exports."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for _, other in _IMPORT.findall(assets.asset(name).decode()):
                visit(other)
            order.append(name)

    visit(entry)
    script = "".join(f"const {_variable(name)} = (() => {{\n{_body(name)}}})();\n" for name in order)
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError(entry)
    return script


def _variable(name: str) -> str:
    return f"${name.removesuffix('.mjs').replace('-', '_')}"


def _body(name: str) -> str:
    source = assets.asset(name).decode()
    exported = ", ".join(_EXPORT.findall(source))
    source = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_variable(found[2])};\n", source)
    source = _EXPORT.sub("", source)
    return f"{source}return {{{exported}}};\n"
