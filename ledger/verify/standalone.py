"""Acervo: verifica evidencia sin instalar nada. Checks evidence with the Python standard library alone.

    python3 standalone.py PATH [--policy FILE] [--founding SHA256] [--checkpoint OLD]... [--self-contained]

PATH is a *.evidencia.zip, the same as a directory, or an exported log. Done here: V1-V7 and V9 of format.md section 10.
Left to the full verifier: V8 keys usable, V10 office and lawfulness, V11 opened texts, V12 times, V13 certificates.
Exit 0 verified as far as this goes, 1 findings, 2 unusable. Get this file another way than the bundle that it judges.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path  # noqa: TC003
from typing import Any


class UnusableError(Exception):
    """The input is not of the format; its text is a stable code."""


def _need(holds: object, code: str) -> None:
    if not holds:
        raise UnusableError(code)


def _try(code: str, function: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise UnusableError(code) from error


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
INDEX, HEX, B64 = r"(0|[1-9]\d{0,15})", r"[0-9a-f]{64}", r"[A-Za-z0-9+/=]*"
LOG = rf"policy\.txt|checkpoint|checkpoint\.{INDEX}|tile/(entries|[0-6])/(x\d{{3}}/)*\d{{3}}(\.p/[1-9]\d{{0,2}})?"
BESIDE = (
    rf"|MANIFEST\.json|LEEME\.txt|standalone\.py|disclosures/{INDEX}\.jsonl|documents/{HEX}|timestamps/{INDEX}\.tsr"
)
BESIDE += rf"|schemas/[A-Za-z0-9]{{1,64}}\.[1-9]\d{{0,2}}\.json|certificates/{HEX}\.der"
SINGLE = rf"policy\.txt|checkpoint|entries/{INDEX}\.json|proofs/{INDEX}\.tlog-proof"
FORMS = {"log": LOG, "bundle": LOG + BESIDE, "excerpt": SINGLE + BESIDE}


class Files:
    """Files by name in a strict zip (method 0, sorted, one date, nothing between) or a directory."""

    def __init__(self, path: Path) -> None:
        self.at: dict[str, tuple[Path, int, int, int]] = {}  # file, offset, size, crc (-1: none)
        _need(path.exists(), "input-missing")
        for file in sorted(path.rglob("*")) if path.is_dir() else ():
            _need(not file.is_symlink() and (file.is_dir() or file.is_file()), "directory-special-file")
            if file.is_file():
                self.at[file.relative_to(path).as_posix()] = (file, 0, file.stat().st_size, -1)
        if path.is_file():
            self._scan(path)
        _need(all(NAME.fullmatch(name) and len(name) <= 120 for name in self.at), "name-not-allowed")
        tiles, single = (any(n.startswith(prefix) for n in self.at) for prefix in ("tile/", "entries/"))
        self.form = "log" if "MANIFEST.json" not in self.at else "excerpt" if single and not tiles else "bundle"
        _need(self.form != "log" or (tiles and "checkpoint" in self.at), "not-evidence")

    def _scan(self, path: Path) -> None:  # the local headers; the rest must be exactly the directory of them
        total, at, central, before = path.stat().st_size, 0, [], ""
        with path.open("rb") as file:
            while total < 2**32 - 1 and (head := file.read(30))[:4] == b"PK\3\4" and len(head) == 30:
                crc, size, length = struct.unpack_from("<I4xIH", head, 14)
                raw, start = file.read(length), at + 30 + length
                fixed = struct.pack("<5H3I2H", 10, 0, 0, 0, 33, crc, size, size, length, 0)
                name = raw.decode("latin-1")
                _need(head == b"PK\3\4" + fixed and name > before and start + size <= total, "zip-malformed")
                self.at[name] = (path, start, size, crc)
                central.append(b"PK\1\2\x0a\0" + fixed + struct.pack("<3HII", 0, 0, 0, 0, at) + raw)
                at, before = file.seek(start + size), name
            tail, count = b"".join(central), len(central)
            tail += struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(tail), file.seek(at), 0)
            _need(total - at == len(tail) and file.read() == tail, "zip-malformed")

    def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        _need(name in self.at, "file-missing")
        path, offset, size, crc = self.at[name]
        with path.open("rb") as file:
            file.seek(offset)
            raw = file.read(size)
        _need(len(raw) == size and crc in (-1, zlib.crc32(raw)), "zip-crc")
        return raw

    def check(self, find: Any) -> None:
        """V1: only known names, and the manifest names every file with its hash."""
        for name in [name for name in self.at if not re.fullmatch(FORMS[self.form], name)]:
            find(1, "file-unknown", file=name)
        listed = {} if self.form == "log" else _json(self.read("MANIFEST.json"))
        _need(isinstance(listed, dict), "manifest-malformed")
        for name in sorted({*self.at, *listed} - {"MANIFEST.json"}) if self.form != "log" else ():
            if name not in self.at or name not in listed:
                find(1, "file-missing" if name in listed else "file-not-listed", file=name)
            elif sha256(self.read(name)).hexdigest() != listed[name]:
                find(1, "file-differs", file=name)


CONTROLS = "\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef"
CONTROLS += "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
BAD_TEXT, ESCAPES = re.compile(f"[{CONTROLS}]"), re.compile(r'(?:[^\\]|\\["\\n])*')
SHORT, DIGEST, KEY = r'(?=[^"]{1,200}")', "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", r"[a-z][a-z0-9_]{0,63}"
STREAM = SHORT + r"[a-z]+(?:/[a-z0-9][a-z0-9._-]*)*"
CLOCK = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
MOMENT = CLOCK + r"[+-](?:0\d|1[0-4]):[0-5]\d"
ORIGIN = r'(?=[^"]{1,120}")[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:/[A-Za-z0-9._~-]+)*'
KIND = "application/vnd.acervo.act.v1+json"
SIGNED = rf'"payloadType":"{re.escape(KIND)}","signatures":\[{{"keyid":"({HEX})","sig":"({B64})"}}\]'
ENTRY = rf'{{"act":{{"payload":"({B64})",{SIGNED}}},"index":{INDEX},"recorded_at":"({CLOCK}\.\d{{6}}Z)"}}'
BASIS, SEALED = rf'(?:"{STREAM}":"{HEX}",?)*', rf'(?:"[a-z0-9_./-]{{1,64}}":"{DIGEST}",?)*'
STATEMENT = re.compile(  # of canonical JSON with these twelve keys, which leave nothing to the wildcard but data
    rf'{{"basis":{{{BASIS}}},"data":{{.*}},"ledger":"{ORIGIN}","occurred_at":"{MOMENT}","office":"{STREAM}","prev":"{HEX}",'
    rf'"sealed":{{{SEALED}}},"signed_at":"{MOMENT}","signer":"{HEX}","stream":"{STREAM}",'
    rf'"type":"[A-Z][A-Za-z0-9]{{1,63}}/[1-9]\d{{0,2}}","version":[1-9]\d*}}',
    re.ASCII | re.DOTALL,
)
TWELVE = {"basis", "data", "ledger", "occurred_at", "office", "prev"}
TWELVE |= {"sealed", "signed_at", "signer", "stream", "type", "version"}


def _json(raw: bytes) -> Any:  # as RFC 8785 writes it, for keys in ASCII and no floats
    value = _try("not-json", json.loads, raw)
    again = _try("not-json", json.dumps, value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    _need(_try("not-json", again.encode) == raw, "not-canonical")
    return value


def _check_value(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        keys, members = (value, value.values()) if isinstance(value, dict) else ((), value)
        _need(depth <= 8 and all(re.fullmatch(KEY, key) for key in keys), "not-canonical")
        for member in members:
            _check_value(member, depth + 1)
    else:
        _need(isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**53), "not-canonical")


def _b64(text: str) -> bytes:
    raw: bytes = _try("base64-malformed", base64.b64decode, text, validate=True)
    _need(base64.b64encode(raw).decode() == text, "base64-malformed")
    return raw


class Entry:
    """An entry read strictly: V6 (format.md sections 3, 4, 6)."""

    def __init__(self, raw: bytes) -> None:
        match = re.fullmatch(ENTRY, raw.decode("latin-1"), re.ASCII)
        _need(match and len(raw) <= 65_535, "bad-entry")
        payload, keyid, sig, index, self.recorded_at = match.groups() if match else ("",) * 5
        self.payload, self.signature, self.index = _b64(payload), _b64(sig), int(index)
        self.says, text = _json(self.payload), self.payload.decode()
        self.hash = sha256(self.payload).hexdigest()
        _need(
            len(self.payload) <= 44 * 1024 and isinstance(self.says, dict) and self.says.keys() == TWELVE,
            "bad-statement",
        )
        _need(not BAD_TEXT.search(text) and ESCAPES.fullmatch(text), "forbidden-character")
        _need(STATEMENT.fullmatch(text) and self.says["version"] < 2**53, "bad-statement")
        _need(max(len(self.says["basis"]), len(self.says["sealed"])) <= 64, "bad-statement")
        _need(not self.says["data"].keys() & self.says["sealed"].keys(), "bad-statement")
        _check_value(self.says["data"], 2)
        written = self.says["occurred_at"], self.says["signed_at"], self.recorded_at
        self.times = [_try("bad-instant", datetime.fromisoformat, text) for text in written]
        _need(self.says["signer"] == keyid and 1 <= len(self.signature) <= 512, "bad-envelope")

    def flaws(self, index: int, origin: str, before: str) -> list[str]:
        """Return what is wrong with its place, ledger, order and window."""
        occurred, signed, recorded = self.times
        codes = ["index-out-of-place"] * (self.index != index) + ["other-ledger"] * (self.says["ledger"] != origin)
        codes += ["recorded-decreases"] * (self.recorded_at < before)
        late, early = signed - recorded > timedelta(minutes=5), recorded - signed > timedelta(hours=24)
        window = ["occurred-after-signed"] * (occurred > signed) + ["signed-in-future"] * late
        return codes + (window + ["signed-too-long-ago"] * early)[:1]


P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, B_Y = -121665 * pow(121666, -1, P) % P, 4 * pow(5, -1, P) % P
Q, N = 2**256 - 2**224 + 2**192 + 2**96 - 1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CURVE_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G_X = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
G_Y = 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
ED, EC = (
    bytes.fromhex(h) for h in ("302a300506032b6570032100", "3059301306072a8648ce3d020106082a8648ce3d03010703420004")
)
RSA, SHA = (bytes.fromhex(h) for h in ("300d06092a864886f70d0101010500", "3031300d060960864801650304020105000420"))
Point = tuple[int, ...]


def _sum(u: int, p: Point, v: int, q: Point, add: Any) -> Point:  # up + vq
    total: Point = (0, 1, 1, 0)[: 4 * (len(p) == 4)]  # the neutral points of the two curves
    points = (total, p, q, add(p, q))
    for bit in range(255, -1, -1):
        total = add(add(total, total), points[(u >> bit & 1) | (v >> bit & 1) << 1])
    return total


def _decode_point(raw: bytes) -> Point:
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    _need(y < P and (x * x - square) % P == 0 and not (x == 0 and sign), "signature-invalid")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    """RFC 8032 section 5.1.7: S < L, canonical A and R, and [S]B - [k]A is R byte for byte."""
    s = int.from_bytes(signature[32:], "little")
    _need(len(signature) == 64 and len(public) == 32 and s < L, "signature-invalid")
    a, _, base = _decode_point(public), _decode_point(signature[:32]), _decode_point(B_Y.to_bytes(32, "little"))
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    total = _sum(s, base, k, (P - a[0], a[1], 1, P - a[3]), _add)
    x, y = total[0] * pow(total[2], -1, P) % P, total[1] * pow(total[2], -1, P) % P
    _need((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32], "signature-invalid")


def _plus(p: Point, q: Point) -> Point:
    if not p or not q or (p[0] == q[0] and (p[1] + q[1]) % Q == 0):
        return () if p and q else p or q
    slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, Q) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, Q)
    x = (slope * slope - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q


def p256(public: bytes, signature: bytes, message: bytes) -> None:
    """ECDSA with SHA-256, signature in strict DER."""
    x, y, size = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big"), (signature + bytes(4))[3]
    r, s = int.from_bytes(signature[4 : 4 + size], "big"), int.from_bytes(signature[6 + size :], "big")
    _need(signature == _der(0x30, _integer(r) + _integer(s)) and 0 < r < N and 0 < s < N, "signature-invalid")
    _need(max(x, y) < Q and (x**3 - 3 * x + CURVE_B - y * y) % Q == 0, "key-not-acceptable")
    w, e = pow(s, -1, N), int.from_bytes(sha256(message).digest(), "big")
    total = _sum(e * w % N, (G_X, G_Y), r * w % N, (x, y), _plus)
    _need(total and total[0] % N == r, "signature-invalid")


def _der(tag: int, raw: bytes) -> bytes:
    size = len(raw).to_bytes((len(raw).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)])[: 1 + (len(raw) > 127)] + size + raw


def _integer(value: int) -> bytes:
    return _der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def check_signature(spki: bytes, entry: Entry) -> None:
    """V7; the algorithm follows the key, in its one encoding (format.md section 4)."""
    signature, message = entry.signature, f"DSSEv1 {len(KIND)} {KIND} {len(entry.payload)} ".encode() + entry.payload
    if len(spki) == 44 and spki.startswith(ED):
        return ed25519(spki[12:], signature, message)
    if len(spki) == 91 and spki.startswith(EC):
        return p256(spki[27:], signature, message)
    n = int.from_bytes(spki[32:-5], "big")
    key = _der(3, b"\0" + _der(0x30, _integer(n) + _integer(65537)))
    _need(2048 <= n.bit_length() <= 4096 and spki == _der(0x30, RSA + key), "key-not-acceptable")
    size, block = (n.bit_length() + 7) // 8, SHA + sha256(message).digest()
    padded = int.from_bytes(b"\1" + b"\xff" * (size - 3 - len(block)) + b"\0" + block, "big")
    return _need(
        len(signature) == size and pow(int.from_bytes(signature, "big"), 65537, n) == padded, "signature-invalid"
    )


def keys_of(raw: bytes) -> dict[str, bytes]:
    """Return keyid -> SPKI of the keys that an entry names; a key is known by its own hash, whoever names it."""
    try:
        data = json.loads(base64.b64decode(json.loads(raw)["act"]["payload"]))["data"]
        named = [data.get("spki"), data.get("recovery_spki"), *(o.get("spki") for o in data.get("officers", ()))]
        spkis = [base64.b64decode(text, validate=True) for text in named if isinstance(text, str)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return {sha256(spki).hexdigest(): spki for spki in spkis}


_S = "body year series session"
KINDS = f"""ledger:LedgerFounded LogKeyAnnounced RulesAdopted
key keyid:KeyAccepted KeyEnrolled KeyRevoked
person person:PersonRegistered
acknowledgement index:EntryAcknowledged
publication index:TextPublished
series body series:SeriesOpened
body body:BodyExtinguished BodyRegistered BodyRulesAdopted SeatsDefined SeatsSuppressed
designation body seat number:DesignationEnded DesignationImported DesignationRegistered LeaveEnded LeaveGranted
quarantine body number:IdentifierCorrected IdentifierQuarantined
agreement body year number:AgreementAdopted AgreementImported
certification body year number:CertificationIssued CertificationRevoked CertificationSuperseded
acta {_S}:ActaDrafted ActaSealed
signature {_S} seat:ActaSignatureRefusalAttested ActaSignatureRefused ActaSigned
session {_S}:AttendanceRecorded InterventionRecorded ItemAdded ItemConcluded ItemOpened MemberRecused QuorumDeclared
session {_S}:QuorumNotReached SessionCancelled SessionClosed SessionConvened SessionImported SessionOpened
session {_S}:SessionRecessed SessionResumed
vote {_S} vote:CastingVoteExercised RollCallRecorded SecretTallyRecorded ShowOfHandsRecorded VoteAnnulled VoteClosed
vote {_S} vote:VoteDeclared VoteImported VoteOpened
ballot {_S} vote seat:BallotCast BallotCorrected"""
TYPES = {
    f"{t}/1": parts[0].split() for line in KINDS.split("\n") for parts in [line.split(":")] for t in parts[1].split()
}


def stream_of(name: str, data: dict[str, Any]) -> str | None:
    """Return the stream of an act, None for an unknown type, "" where its data lack what the name is made of."""
    try:
        if name == "PersonalDataErased/1":
            first = data["disclosures"][0]
            return f"erasure/{first['index']}/{sha256(first['digest'].encode()).hexdigest()[:16]}"
        return "/".join([TYPES[name][0], *(str(data[key]) for key in TYPES[name][1:])]) if name in TYPES else None
    except (KeyError, IndexError, TypeError, AttributeError):
        return ""


# -- V2, V5: policies and checkpoints --------------------------------------------------------------------------------
class Policy:
    """Keys by (name, id), groups and quorum of a tlog-policy."""

    def __init__(self, raw: bytes) -> None:
        self.keys: dict[tuple[str, bytes], tuple[bytes, str]] = {}
        self.groups: list[tuple[str, int, list[str]]] = []
        self.quorum = ""
        for words in [line.split() for line in raw.decode().split("\n")]:
            match words:
                case ["log" | "witness" as kind, *rest] if rest[kind == "witness" :]:
                    name, keyid, text = _try("policy-malformed", str.split, rest[kind == "witness"], "+", 2)
                    key = _b64(text)
                    same = sha256(name.encode() + b"\n" + key).hexdigest()[:8] == keyid
                    _need(same and len(key) == 33 and key[0] == (1 if kind == "log" else 4), "policy-malformed")
                    self.keys[name, bytes.fromhex(keyid)] = key, rest[0] if kind == "witness" else ""
                case ["group", name, k, *members]:
                    count = {"any": 1, "all": len(members)}.get(k) or _try("policy-malformed", int, k)
                    self.groups.append((name, count, members))
                case ["quorum", self.quorum]:
                    pass
                case _:
                    _need(not words or words[0].startswith("#"), "policy-malformed")

    def open(self, raw: bytes) -> tuple[str, int, bytes, str]:
        """Read a checkpoint; return origin, size, root and the code of what is wrong with its signatures."""
        whole = _try("note-malformed", raw.decode)
        match = re.fullmatch(rf"([^\s+]+)\n{INDEX}\n({B64})\n\n((?:— [^\s+]+ {B64}\n)+)", whole)
        _need(match, "note-malformed")
        origin, size, root, lines = match.groups() if match else ("",) * 4
        text, signed, met, flaw = whole[: -len(lines) - 1], False, set(), ""
        for name, value in (line[2:].split(" ") for line in lines.splitlines()):
            signature = _b64(value)
            key, witness = self.keys.get((name, signature[:4]), (b"", ""))
            time = f"cosignature/v1\ntime {int.from_bytes(signature[4:12], 'big')}\n" if witness else ""
            try:
                if key:
                    ed25519(key[1:], signature[12 if witness else 4 :], (time + text).encode())
                    met.add(witness)
                    signed = signed or (not witness and name == origin)
            except UnusableError:
                flaw = "note-signature-invalid"
        for group, count, members in self.groups:
            met |= {group} if len(met.intersection(members)) >= count else set()
        flaw = flaw or ("" if signed else "checkpoint-not-signed")
        self.met = self.quorum in {"none", *met}
        return origin, int(size), _b64(root), flaw
