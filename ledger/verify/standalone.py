"""Acervo: verifica evidencia sin instalar nada. Checks evidence with the Python standard library alone.

    python3 standalone.py PATH [--policy FILE] [--founding SHA256] [--checkpoint OLD]... [--self-contained]
PATH is a *.evidencia.zip, the same as a directory, or an exported log. Done here: V1-V7 and V9 of format.md section 10.
Exit 0 verified as far as this goes, 1 findings, 2 unusable. Get this file another way than the bundle that it judges.
"""

# fmt: off
# ruff: noqa: D101, D102, D103, E401, I001  -- the whole stays within 400 lines (format.md section 10)
import argparse, base64, json, re, struct, sys, zlib
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any
NEVER = """No comprobado / not checked: V8 llaves, V10 legalidad, V11 textos, V12 tiempos, V13 certificados. Nunca se
prueba / never proved: qué pasó / the truth; coacción / coercion; concierto / collusion; otra historia / a fork."""
BAD = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
def _need(holds: object, code: str) -> None:
    if not holds:
        raise ValueError(code)
NAME = r"(?=.{1,120}$)[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*"
INDEX, HEX, B64 = r"(0|[1-9]\d{0,15})", r"[0-9a-f]{64}", r"[A-Za-z0-9+/=]*"
TILE = r"tile/(entries|[0-6])/((?:x(?!000)\d{3}/(?:x\d{3}/)*)?\d{3})(?:\.p/([1-9]\d?|1\d\d|2[0-4]\d|25[0-5]))?"
SINGLE, LOG = rf"entries/{INDEX}\.json|proofs/{INDEX}\.tlog-proof", rf"checkpoint\.{INDEX}|{TILE}"
BESIDE = rf"|MANIFEST\.json|LEEME\.txt|standalone\.py|disclosures/{INDEX}\.jsonl|documents/{HEX}"
BESIDE += rf"|schemas/[A-Za-z0-9]{{1,64}}\.[1-9]\d{{0,2}}\.json|certificates/{HEX}\.der|timestamps/{INDEX}\.tsr"
FORMS = {"log": LOG, "bundle": LOG + BESIDE, "excerpt": SINGLE + BESIDE}
class Files(dict[str, Any]):  # by name, in a strict zip (method 0, sorted, one date, nothing between) or a directory
    def __init__(self, path: Path) -> None:
        _need(path.exists(), "input-missing")
        for file in sorted(path.rglob("*")) if path.is_dir() else ():
            _need(not file.is_symlink() and (file.is_dir() or file.is_file()), "directory-special-file")
            self |= {file.relative_to(path).as_posix(): file.read_bytes()} if file.is_file() else {}
        if path.is_file():
            self._unzip(memoryview(path.read_bytes()))
        _need(all(re.fullmatch(NAME, name) for name in self), "name-not-allowed")
        tiles, single = (any(n.startswith(prefix) for n in self) for prefix in ("tile/", "entries/"))
        self.form = "log" if "MANIFEST.json" not in self else "excerpt" if single and not tiles else "bundle"
        _need(self.form != "log" or (tiles and "checkpoint" in self), "not-evidence")
    def _unzip(self, raw: memoryview) -> None:  # the local headers; the rest must be exactly the directory of them
        at, central, before = 0, [], ""
        while bytes(raw[at : at + 4]) == b"PK\3\4" and len(raw) >= at + 30:
            crc, size, length = struct.unpack_from("<I4xIH", raw, at + 14)
            fixed, start = struct.pack("<5H3I2H", 10, 0, 0, 0, 33, crc, size, size, length, 0), at + 30 + length
            name, content = bytes(raw[at + 30 : start]).decode("latin-1"), raw[start : start + size]
            _need(raw[at + 4 : at + 30] == fixed and name > before and len(content) == size, "zip-malformed")
            _need(zlib.crc32(content) == crc, "zip-crc")
            self[name], before = content, name
            central.append(b"PK\1\2\x0a\0" + fixed + struct.pack("<3HII", 0, 0, 0, 0, at) + name.encode("latin-1"))
            at = start + size
        tail, count = b"".join(central), len(central)
        tail += struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(tail), at, 0)
        _need(raw[at:] == tail, "zip-malformed")
    def check(self, find: Any) -> None:  # V1: only known names, and the manifest names every file with its hash
        for name in [name for name in self if not re.fullmatch(rf"policy\.txt|checkpoint|{FORMS[self.form]}", name)]:
            find(1, "file-unknown", None, name)
        listed = dict.fromkeys(self, "0" * 64) if self.form == "log" else _json(bytes(self["MANIFEST.json"]))
        _need(all(isinstance(d, str) and re.fullmatch(HEX, d) for d in listed.values()), "manifest-malformed")
        for name in sorted({*self, *listed} - {"MANIFEST.json"}):
            if name not in self or name not in listed:
                find(1, "file-missing" if name in listed else "file-not-listed", None, name)
            elif self.form != "log" and sha256(self[name]).hexdigest() != listed[name]:
                find(1, "file-differs", None, name)
CONTROLS = "\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef"
CONTROLS += "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
BAD_TEXT, ESCAPES = re.compile(f"[{CONTROLS}]"), re.compile(r'(?:[^\\]|\\["\\n])*')
STREAM, ORIGIN = r'(?=[^"]{1,200}")[a-z]+(?:/[a-z0-9][a-z0-9._-]*)*', r"[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:/[\w.~-]+)*"
CLOCK = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
MOMENT, TYPE = CLOCK + r"[+-](?:0\d|1[0-4]):[0-5]\d", r"[A-Z][A-Za-z0-9]{1,63}/[1-9]\d{0,2}"
FIVE, KIND = timedelta(minutes=5), "application/vnd.acervo.act.v1+json"
SIGNED = rf'"payloadType":"{re.escape(KIND)}","signatures":\[{{"keyid":"({HEX})","sig":"({B64})"}}\]'
ENTRY = rf'{{"act":{{"payload":"({B64})",{SIGNED}}},"index":{INDEX},"recorded_at":"({CLOCK}\.\d{{6}}Z)"}}'
BASIS, SEALED = rf'(?:"{STREAM}":"{HEX}",?)*', r'(?:"[a-z0-9_./-]{1,64}":"[\w-]{42}[AEIMQUYcgkosw048]",?)*'
STATEMENT = re.compile(  # of canonical JSON with these twelve keys, which leave nothing to the wildcard but data
    rf'{{"basis":{{{BASIS}}},"data":{{.*}},"ledger":"{ORIGIN}","occurred_at":"{MOMENT}","office":"{STREAM}",'
    rf'"prev":"{HEX}","sealed":{{{SEALED}}},"signed_at":"{MOMENT}","signer":"{HEX}","stream":"{STREAM}",'
    rf'"type":"{TYPE}","version":[1-9]\d*}}', re.ASCII | re.DOTALL)
def _json(raw: bytes) -> Any:  # as RFC 8785 writes it, for keys in ASCII and no floats
    value = json.loads(raw)
    _need(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == raw, "not-canonical")
    return value
def _check_value(value: Any, depth: int) -> None:
    if isinstance(value, dict):
        _need(all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key) for key in value), "not-canonical")
        value = list(value.values())
    fine = depth <= 8 if isinstance(value, list) else isinstance(value, str) or abs(value) < 2**53
    _need(fine and not isinstance(value, float), "not-canonical")
    for member in value if isinstance(value, list) else ():
        _check_value(member, depth + 1)
def _b64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    _need(base64.b64encode(raw).decode() == text, "base64-malformed")
    return raw
class Entry:  # read strictly (format.md sections 3, 4, 6)
    def __init__(self, raw: bytes) -> None:
        match = re.fullmatch(ENTRY, raw.decode("latin-1"), re.ASCII)
        payload, keyid, sig, index, self.recorded_at = match.groups() if match else ("",) * 5
        _need(match and len(raw) <= 65_535, "bad-entry")
        self.payload, self.signature, self.index = _b64(payload), _b64(sig), int(index)
        self.says, text, self.hash = _json(self.payload), self.payload.decode(), sha256(self.payload).hexdigest()
        _need(not BAD_TEXT.search(text) and ESCAPES.fullmatch(text), "forbidden-character")
        says, sane = self.says, len(self.says) == 12 and len(self.payload) <= 44 * 1024 and STATEMENT.fullmatch(text)
        _need(sane and len(says["ledger"]) <= 120 and says["version"] < 2**53, "bad-statement")
        _need(max(len(says["basis"]), len(says["sealed"])) <= 64 and 1 <= len(self.signature) <= 512, "bad-statement")
        _need(not says["data"].keys() & says["sealed"].keys() and says["signer"] == keyid, "bad-statement")
        _check_value(says["data"], 2)
        self.times = [datetime.fromisoformat(t) for t in (says["occurred_at"], says["signed_at"], self.recorded_at)]
    def flaws(self, index: int, origin: str, before: str) -> list[str]:  # place, ledger, order, window
        occurred, signed, recorded = self.times
        codes = ["index-out-of-place"] * (self.index != index) + ["other-ledger"] * (self.says["ledger"] != origin)
        codes += ["recorded-decreases"] * (self.recorded_at < before)
        window = ["occurred-after-signed"] * (occurred > signed) + ["signed-in-future"] * (signed - recorded > FIVE)
        return codes + (window + ["signed-too-long-ago"] * (recorded - signed > 288 * FIVE))[:1]
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, B_Y = -121665 * pow(121666, -1, P) % P, 4 * pow(5, -1, P) % P
Q, N = 2**256 - 2**224 + 2**192 + 2**96 - 1, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CURVE_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
ED, EC = (b"0*0\5\6\3+ep\3!\0", bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"))
RSA, SHA = (bytes.fromhex(h) for h in ("300d06092a864886f70d0101010500", "3031300d060960864801650304020105000420"))
def _sum(u: int, p: tuple[int, ...], v: int, q: tuple[int, ...], add: Any) -> tuple[int, ...]:  # up + vq
    total: tuple[int, ...] = (0, 1, 1, 0)[: 4 * (len(p) == 4)]  # the neutral points of the two curves
    points = (total, p, q, add(p, q))
    for bit in range(255, -1, -1):
        total = add(add(total, total), points[(u >> bit & 1) | (v >> bit & 1) << 1])
    return total
def _decode_point(raw: bytes) -> tuple[int, ...]:
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    _need(y < P and (x * x - square) % P == 0 and not (x == 0 and sign), "signature-invalid")
    return (x := P - x if x & 1 != sign else x), y, 1, x * y % P
def _add(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P
def ed25519(public: bytes, signature: bytes, message: bytes) -> None:  # S < L, canonical A, R; [S]B - [k]A is R
    s = int.from_bytes(signature[32:], "little")
    _need(len(signature) == 64 and len(public) == 32 and s < L, "signature-invalid")
    a, _, base = _decode_point(public), _decode_point(signature[:32]), _decode_point(B_Y.to_bytes(32, "little"))
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    total = _sum(s, base, k, (P - a[0], a[1], 1, P - a[3]), _add)
    x, y = total[0] * pow(total[2], -1, P) % P, total[1] * pow(total[2], -1, P) % P
    _need((y | (x & 1) << 255).to_bytes(32, "little") == signature[:32], "signature-invalid")
def _plus(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    if not p or not q or (p[0] == q[0] and (p[1] + q[1]) % Q == 0):
        return () if p and q else p or q
    slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, Q) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, Q)
    x = (slope * slope - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q
def p256(public: bytes, signature: bytes, message: bytes) -> None:  # ECDSA with SHA-256, signature in strict DER
    x, y, size = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big"), (signature + bytes(4))[3]
    r, s = int.from_bytes(signature[4 : 4 + size], "big"), int.from_bytes(signature[6 + size :], "big")
    _need(signature == _der(0x30, _integer(r) + _integer(s)) and 0 < r < N and 0 < s < N, "signature-invalid")
    _need(max(x, y) < Q and (x**3 - 3 * x + CURVE_B - y * y) % Q == 0, "key-not-acceptable")
    w, e = pow(s, -1, N), int.from_bytes(sha256(message).digest(), "big")
    total = _sum(e * w % N, G, r * w % N, (x, y), _plus)
    _need(total and total[0] % N == r, "signature-invalid")
def _der(tag: int, raw: bytes) -> bytes:
    size = len(raw).to_bytes((len(raw).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)])[: 1 + (len(raw) > 127)] + size + raw
def _integer(value: int) -> bytes:
    return _der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
def check_signature(spki: bytes | None, entry: Entry) -> None:  # V7; the algorithm follows the key (section 4)
    _need(spki is not None, "key-not-in-ledger")
    spki, sig = spki or b"", entry.signature
    message = f"DSSEv1 {len(KIND)} {KIND} {len(entry.payload)} ".encode() + entry.payload
    if len(spki) == 44 and spki.startswith(ED):
        return ed25519(spki[12:], sig, message)
    if len(spki) == 91 and spki.startswith(EC):
        return p256(spki[27:], sig, message)
    n = int.from_bytes(spki[32:-5], "big")
    key = _der(3, b"\0" + _der(0x30, _integer(n) + _integer(65537)))
    _need(2048 <= n.bit_length() <= 4096 and spki == _der(0x30, RSA + key), "key-not-acceptable")
    size, block = (n.bit_length() + 7) // 8, SHA + sha256(message).digest()
    padded = int.from_bytes(b"\1" + b"\xff" * (size - 3 - len(block)) + b"\0" + block, "big")
    return _need(len(sig) == size and pow(int.from_bytes(sig, "big"), 65537, n) == padded, "signature-invalid")
def _says(raw: bytes) -> tuple[Any, str]:  # what an entry says that may not be of the strict form, and its hash
    try:
        payload = base64.b64decode(json.loads(raw)["act"]["payload"])
        return json.loads(payload), sha256(payload).hexdigest()
    except BAD:
        return {}, ""
def _keys(index: int, raw: bytes) -> dict[str, bytes]:  # keyid -> SPKI that an entry names, known by its own hash
    try:
        data = says["data"] if (says := _says(raw)[0])["type"] == "KeyEnrolled/1" or index == 0 else {}
        named = [data.get("spki"), data.get("recovery_spki"), *(o.get("spki") for o in data.get("officers", ()))]
        spkis = [base64.b64decode(text, validate=True) for text in named if isinstance(text, str)]
    except BAD:
        return {}
    return {sha256(spki).hexdigest(): spki for spki in spkis}
KINDS = """access/{Y}:Access.AppealResolved.DeadlineExtended.PreventionAnswered.PreventionIssued.RequestAnswered.RequestAppealed.RequestReceived.RequestTurned,PersonalDataBlocked;acknowledgement/index:EntryAcknowledged;acta/{S}:Acta.Drafted.Sealed;agreement/{Y}:Agreement.Adopted.Annulled.ErrataIssued.Imported.Modified.Reinstated.Revoked.Suspended;appendix/{S}/appendix:AppendixAttached;asunto/{Y}:A
sunto.Listed.Reviewed.Submitted.Withdrawn;ballot/{S}/vote/seat:Ballot.Cast.Corrected;body/body:Body.Extinguished.Registered.Renamed.Resumed.RulesAdopted.Suspended,Seats.Defined.Suppressed;book/body/year/volume:Book.Closed.Formalized.Opened.Transferred,FolioCancelled,FoliosAssigned;ca/sha256:Certificate.AuthorityDistrusted.AuthorityTrusted;calendar/body/year:Calendar.Approved.Closed.EntrySettled.Se
ssionRescheduled;capture/{Y}:Agreement.CaptureReviewed.Captured;carpeta/{S}:Carpeta.AddendumIssued.Frozen;certification/{Y}:Certification.Delivered.Issued.Revoked.Superseded;circulation/{S}:Acta.Approved.Circulated.ObservationFiled.ObservationResolved;citation/{Y}:AgreementCited;classification/index:Classification.Proposed.Resolved,Declassified,ReservationExtended;communication/{Y}:AgreementCommun
icated,Communication.Acknowledged.Authorized;conflict/{S}/vote/seat:ConflictReported;consultation/index/consultation:ReservedDataConsulted;credential/body/seat/designation/credential:Accreditation.Requested.Validated,Credential.Issued.Revoked;custody/body/year/volume:Archive.ItemLoaned.ItemReturned.LocationSet;delivery/{S}:Convocation.Acknowledged.Delivered,DefectAcknowledged;designation/body/seat
/number:Designation.Appointed.Approved.Ended.Imported.Ratified.Registered,Leave.Ended.Granted,ResignationFiled;dictamen/{Y}:DictamenIssued;dissent/{S}/vote/seat:DissentFiled;errata/{S}/errata:ActaErrataIssued;filing/{Y}:AgreementFiled;fixity/body/year/volume/fixity:Fixity.Failed.Verified;fulfilment/{Y}/resolution:AmountExercised,Due.DateExtended.DateSet,EvidenceSubmitted,Fulfilment.Rejected.Verifi
ed,ProgressReported,ResolutionDeclaredUnfulfillable,Responsibility.Assigned.Transferred;gazette/{Y}:GazettePublicationRecorded;hearing/body/seat/designation:HearingHeld,Removal.Decided.Requested;holidays/calendar:HolidaysAdopted;interpretation/{Y}/interpretation:Interpretation.Drafted.Issued.Requested.Superseded;key/keyid:Key.Accepted.Enrolled.Revoked;ledger:LedgerFounded,LogKeyAnnounced,RulesAdop
ted;note/{S}/note:NoteImported;notice/body/seat/designation:Expiry.NoticeAcknowledged.NoticeIssued;objection/{S}/vote/seat:Objection.Raised.Withdrawn;person/person:PersonRegistered;proposal/body/seat/proposal:Designation.ProposalReturned.Proposed.Validated;publication/index:TextPublished;quarantine/body/number:Identifier.Corrected.Quarantined;received/body/number:Acta.IncidentNotified.IncidentRais
ed.IncidentResolved,External.ActaChecked.ActaReceived.ActaValidated;recommendation/body/ordinal/number:Recommendation.Issued.Reported.Reviewed.Transmitted;recording/{S}/recording:RecordingSealed;report/body/report_kind/period/number:Periodic.ReportAuthorized.ReportPrepared,ReportPresented;request/{Y}:Certification.Compiled.RequestResolved.Requested.Reviewed;requirement/{Y}:Audit.FindingClarified.F
indingLinked,EvidenceBundleExported,Oversight.RequirementAnswered.RequirementClosed.RequirementReceived;reservedindex/body/year/half:ReservedIndexPublished;series/body/series:SeriesOpened;session/{S}:Agenda.Approved.Imported,AttendanceRecorded,ConvocationRectified,InterventionRecorded,Item.Added.Amended.Concluded.Opened,MemberRecused,Quorum.Declared.Lost.NotReached.Restored,Recusal.Challenged.Reso
lved,Session.Cancelled.Closed.Convened.Imported.Opened.Recessed.Resumed;signature/{S}/seat:Acta.SignatureRefusalAttested.SignatureRefused.Signed;sipot/body/year/quarter/form/number:TransparencyFormatExported;unit/unit:Unit.Created.Reassigned.Renamed.Suppressed;version/index/version:Public.VersionApproved.VersionGenerated;veto/{Y}:Veto.AdmissionDecided.CaseIntegrated.Exercised.ResolutionDrafted.Res
olved.Submitted;vote/{S}/vote:CastingVoteExercised,ConsensusDeclared,ElectionTallyRecorded,RollCallRecorded,SecretTallyRecorded,ShowOfHandsRecorded,Vote.Annulled.Closed.Declared.Imported.Opened"""  # noqa: E501  a table
KINDS = KINDS.replace("\n", "").replace("{S}", "body/year/series/session").replace("{Y}", "body/year/number")
WORDS = [(k.split("/"), w.split(".")) for k, ws in (e.split(":") for e in KINDS.split(";")) for w in ws.split(",")]
TYPES = {f"{w[0]}{rest}/1": k for k, w in WORDS for rest in w[1:] or [""]}
def stream_of(name: str, data: dict[str, Any]) -> str | None:  # None: unknown type; "": its data lack a part
    try:
        if name == "PersonalDataErased/1":
            return f"erasure/{(d := data['disclosures'][0])['index']}/{sha256(d['digest'].encode()).hexdigest()[:16]}"
        return "/".join([TYPES[name][0], *(str(data[key]) for key in TYPES[name][1:])]) if name in TYPES else None
    except BAD:
        return ""
class Policy:  # a tlog-policy: keys by (name, id), groups, quorum
    def __init__(self, raw: bytes) -> None:
        self.keys: dict[tuple[str, bytes], tuple[bytes, str]] = {}
        self.groups: list[tuple[str, int, list[str]]] = []
        self.quorum, self.met = "", False
        for words in [line.split() for line in raw.decode().split("\n")]:
            match words:
                case ["log", vkey, *_] | ["witness", _, vkey, *_]:
                    name, keyid, key = vkey.split("+", 2)
                    public, witness = _b64(key), words[1] if words[0] == "witness" else ""
                    _need(sha256(name.encode() + b"\n" + public).hexdigest()[:8] == keyid, "vkey-malformed")
                    _need(len(public) == 33 and public[0] == (4 if witness else 1), "policy-malformed")
                    self.keys[name, bytes.fromhex(keyid)] = public[1:], witness
                case ["group", name, k, *members] if members:
                    self.groups.append((name, {"any": 1, "all": len(members)}.get(k) or int(k), members))
                case ["quorum", name] if not self.quorum:
                    self.quorum, self.met = name, name == "none"
                case _:
                    _need(not words or words[0].startswith("#"), "policy-malformed")
        names = {"none", *(w for _, w in self.keys.values() if w), *(group for group, _, _ in self.groups)}
        _need(self.quorum in names and re.fullmatch(rb"[\t\n\x20-\x7e\x80-\xff]*\n", raw), "policy-malformed")
    def open(self, raw: bytes) -> tuple[str, int, bytes, str]:  # origin, size, root, what is wrong with signatures
        form = rf"\A([^\s+]+)\n{INDEX}\n({B64})\n\n((?:— [^\s+]+ {B64}\n){{1,100}})\Z"
        try:
            [(origin, size, root, lines)] = re.findall(form, raw.decode())
            signatures = [(line.split(" ")[1], _b64(line.split(" ")[2])) for line in lines.splitlines()]
            found, text, met, flaw = (origin, int(size), _b64(root)), raw.decode()[: -len(lines) - 1], {"none"}, True
        except BAD:
            return "", -1, b"", "note-malformed"
        for name, signature in signatures:
            key, witness = self.keys.get((name, signature[:4]), (b"", ""))
            time = f"cosignature/v1\ntime {int.from_bytes(signature[4:12], 'big')}\n" if witness else ""
            try:
                if key:
                    ed25519(key, signature[12 if witness else 4 :], (time + text).encode())
            except BAD:
                return *found, "note-signature-invalid"
            met |= {witness} if key else set()
            flaw = flaw and (not key or name != origin or bool(witness))
        for group, count, members in self.groups:
            met |= {group} if len(met.intersection(members)) >= count else set()
        self.met = self.quorum in met
        return *found, "checkpoint-not-signed" if flaw and self.keys else ""
def _levels(leaves: list[bytes]) -> list[list[bytes]]:  # an odd last node moves up: the tree of RFC 9162
    levels = [leaves]
    while len(below := levels[-1]) > 1:
        nodes = [sha256(b"\1" + a + b).digest() for a, b in zip(below[::2], below[1::2], strict=False)]
        levels.append(nodes + below[len(below) & ~1 :])
    return levels
def _path(level: str, n: int, width: int) -> str:
    groups = [f"x{n // 1000**k % 1000:03d}/" for k in range(5, 0, -1) if n >= 1000**k]
    return f"tile/{level}/{''.join(groups)}{n % 1000:03d}" + (f".p/{width}" if width < 256 else "")
class Verifier:  # `hits` are its findings as (step, code, index, file), `stopped` is where V9 had to end
    def __init__(self, path: Path, policy: bytes | None, founding: str | None, older: dict[str, bytes]) -> None:
        self.hits: set[tuple[int, str, int | None, str]] = set()
        self.entries: dict[int, bytes] = {}
        self.files, self.founding, self.first, self.stopped = Files(path), founding, "0" * 64, 2**60
        self.lost = 0 if self.files.form == "excerpt" else 2**60  # from where on V9 cannot be checked
        self.files.check(self.find)
        try:
            self.policy = Policy(bytes(self.files["policy.txt"]) if policy is None else policy)
            _need(not all(witness for _, witness in self.policy.keys.values()), "policy-malformed")
        except BAD:
            self.find(2, "policy-malformed", None, "policy.txt")
            self.policy = Policy(b"quorum none\n")
        self.origin, self.size, self.root, flaw = self.policy.open(bytes(self.files.get("checkpoint", b"")))
        self.find(2, flaw, None, "checkpoint")
        self.find(5, "" if self.policy.met or self.size < 0 else "quorum-not-met", None, "checkpoint")
        if self.size >= 0 and not self.lost:
            self.excerpt()
        elif self.size >= 0:
            own = [name for name in self.files if re.fullmatch(rf"checkpoint\.{INDEX}", name)]
            self.tree(older | {name: bytes(self.files[name]) for name in own})
        self.acts({keyid: spki for i, raw in self.entries.items() for keyid, spki in _keys(i, raw).items()})
    def find(self, step: int, code: str, index: int | None, file: str = "") -> None:
        self.hits |= {(step, code, index, file)} if code else set()
    def tree(self, older: dict[str, bytes]) -> None:  # V3, V4, V5: up to the first entries that cannot be read
        for n in range(-(-self.size // 256)):
            width, at, found = min(256, self.size - 256 * n), 0, list[bytes]()
            raw = bytes(self.files.get(_path("entries", n, width), b""))
            while len(found) < width and at + 2 <= len(raw):
                at, start = at + 2 + int.from_bytes(raw[at : at + 2], "big"), at + 2
                found.append(raw[start:at])
            if at != len(raw) or len(found) != width:
                self.stopped = self.lost = min(self.lost, 256 * n)
                self.find(3, "entries-missing", 256 * n)
            else:
                self.entries |= {256 * n + i: entry for i, entry in enumerate(found)}
        if self.lost < self.size:
            return
        leaves = [sha256(b"\0" + raw).digest() for raw in self.entries.values()]
        levels, empty = _levels(leaves), [sha256().digest()]
        self.find(3, "" if [self.root] == (levels[-1] or empty) else "root-differs", None)
        rows = {str(k): levels[8 * k][: self.size >> 8 * k] for k in range(7) if 8 * k < len(levels)}
        rows["entries"] = [len(raw).to_bytes(2, "big") + raw for raw in self.entries.values()]
        tiles = {_path(k, n, min(256, len(r) - 256 * n)) for k, r in rows.items() for n in range(-(-len(r) // 256))}
        for tile in filter(None, (re.fullmatch(TILE, name) for name in sorted(tiles | set(self.files)))):
            n, width, raw = int(re.sub(r"\D", "", tile[2])), int(tile[3] or 256), bytes(self.files.get(tile[0], b""))
            shift, row = 8 * int(tile[1].replace("entries", "0")), rows.get(tile[1], [])[256 * n : 256 * n + width]
            at = next((i for i, h in enumerate(row) if raw[32 * i : 32 * i + 32] != h), len(row)) if raw else 0
            code = "" if raw == b"".join(row) else "tile-differs" if tile[0] in self.files else "tile-missing"
            at = min(256 * n + at * tile[1].isdigit() << shift, self.size)
            self.find(4, "tile-beyond-tree" if len(row) < width else code, at, tile[0])
        for name, note in older.items():
            origin, size, root, flaw = self.policy.open(note)  # its sizes and roots, whoever of the policy signed
            flaw = flaw or ("other-origin" if origin != self.origin else "log-shrunk" if size > self.size else "")
            flaw = flaw or ("" if [root] == (_levels(leaves[:size])[-1] or empty) else "log-rewritten")
            self.find(5, flaw, self.size if flaw == "log-shrunk" else None, name)
    def excerpt(self) -> None:  # single entries; in the place of V3 each must be in the signed tree of its proof
        for index, name in sorted((int(name[8:-5]), name) for name in self.files if name.startswith("entries/")):
            self.entries[index] = raw = bytes(self.files[name])
            try:
                head, _, note = bytes(self.files[f"proofs/{index}.tlog-proof"]).decode().partition("\n\n")
                lines = [line for line in head.split("\n") if line != f"extra {base64.b64encode(raw).decode()}"]
                origin, size, root, flaw = self.policy.open(note.encode())
                whole = lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"] and index < size and not flaw
                climbed = _climb(sha256(b"\0" + raw).digest(), index, size, [_b64(line) for line in lines[2:]])
                _need(whole and climbed == root and origin == self.origin and self.policy.keys, "inclusion-not-proved")
            except BAD:
                self.find(3, "inclusion-not-proved", index)
    def acts(self, keys: dict[str, bytes]) -> None:  # V6, V7, V9; a void entry keeps its place in stream and chain
        heads, before = dict[Any, tuple[int, str]](), ""
        for index, raw in self.entries.items():
            (says, digest), flaws = _says(raw), list[tuple[int, str]]()
            self.first = digest if index == 0 else self.first
            try:
                entry = Entry(raw)
            except BAD as error:
                flaws.append((6, str(error)))
            else:
                flaws += [(6, code) for code in entry.flaws(index, self.origin, before)]
                flaws += [(9, code) for code in self.chained(entry, heads, index) if index < self.lost]
                before = entry.recorded_at
                try:
                    check_signature(keys.get(says["signer"]), entry)
                except BAD as error:  # an unknown key after an unknown type or edition is not checked
                    flaws += [(7, str(error))] * (index <= self.stopped or str(error) != "key-not-in-ledger")
                if not flaws and (says["type"] == "RulesAdopted/1" or stream_of(says["type"], {}) is None):
                    self.stopped = min(self.stopped, index + (says["type"] == "RulesAdopted/1"))
            self.hits |= {(step, code, index, "") for step, code in flaws}
            stream, version = (says.get("stream"), says.get("version")) if isinstance(says, dict) else (None, 0)
            if type(stream) is str and type(version) is int and version == heads.get(stream, (0, ""))[0] + 1:
                heads[stream] = version, digest
        if 0 in self.entries and self.lost and self.founding not in (None, self.first):
            self.find(9, "founding-differs", 0)
    def chained(self, entry: Entry, heads: dict[Any, tuple[int, str]], index: int) -> list[str]:  # V9
        says = entry.says
        version, last = heads.get(says["stream"], (0, "0" * 64 if index == 0 else self.first))
        odd = index == 0 and (not says["type"].startswith("LedgerFounded/") or says["version"] != 1)
        codes = ["not-founded"] * odd + ["prev-differs"] * (says["prev"] != last)
        codes += ["version-taken" if says["version"] <= version else "version-gap"] * (says["version"] != version + 1)
        codes += ["basis-not-last" for name, named in says["basis"].items() if heads.get(name, ("", ""))[1] != named]
        return codes + ["stream-differs"] * (stream_of(says["type"], says["data"]) not in (None, says["stream"]))
def _climb(node: bytes, index: int, size: int, path: list[bytes]) -> bytes:  # from leaf to root: RFC 9162, 2.1.3
    if size == 1:
        return node if not path else b""
    split = 1 << (size - 1).bit_length() - 1
    inner = _climb(node, index % split, split if index < split else size - split, path[:-1])
    return sha256(b"\1" + (inner + path[-1] if index < split else path[-1] + inner)).digest()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, how in {"path": {"type": Path}, "--policy": {"type": Path}, "--founding": {}, "--self-contained": {
        "action": "store_true"}, "--checkpoint": {"type": Path, "action": "append", "default": []}}.items():
        parser.add_argument(name, **how)  # type: ignore[arg-type]
    given = parser.parse_args()
    try:
        older, policy = {p.name: p.read_bytes() for p in given.checkpoint}, given.policy and given.policy.read_bytes()
        done = Verifier(given.path, policy, given.founding, older)
    except (*BAD, OSError, struct.error) as error:
        print(f"Inservible / unusable: {error}")
        return 2
    for step, code, index, file in sorted(done.hits, key=str):
        print(f"V{step} {code}" + ("" if index is None else f", acto {index}") + (f", archivo {file}" if file else ""))
    ended, alone = done.stopped < done.size, not (given.self_contained or (policy and given.founding))
    more = f"Nada desde el acto {done.stopped}. " * ended + "Dé --policy y --founding, o --self-contained." * alone
    print(f"{len(done.entries)} actos, origen {done.origin}, hallazgos: {len(done.hits)}\n{NEVER}\n{more}")
    return 1 if done.hits else 2 if ended or alone else 0
if __name__ == "__main__":
    sys.exit(main())
