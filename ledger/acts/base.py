"""What every act type has, and the closed registry of them (format.md §2, §3).

An act class is the schema of a statement's `data` together with what the format fixes for its type: its
kind, its stream as a function of the data, who may sign it, which sealed values it carries and which kinds
its `basis` must name. Act classes hold no rule about other streams: those are in `ledger.domain`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ledger.errors import UntrustedInputError
from ledger.ids import MAX_INTEGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# -- words of `data`: identifiers, dates, numbers, marks, counts, digests; never free text -----------------

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_()-]{0,95}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=1024)]
Digest = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
StreamName = Annotated[str, Field(pattern=r"^[a-z]+(/[a-z0-9][a-z0-9._-]*)*$", max_length=200)]
TypeName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{1,63}/[1-9][0-9]{0,2}$")]
Instant = Annotated[
    str, Field(pattern=r"^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d[+-][01]\d:[0-5]\d$", max_length=25)
]
Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Year = Annotated[int, Field(strict=True, ge=1800, le=2999)]
Number = Annotated[int, Field(strict=True, ge=1, le=999_999)]
Count = Annotated[int, Field(strict=True, ge=0, le=999_999)]
Index = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]
Flag = Annotated[bool, Field(strict=True)]
Choice = Literal["favor", "contra", "abstencion"]

Text = Annotated[str, Field(min_length=1, max_length=32_768)]


class Part(BaseModel):
    """A frozen piece of an act's data; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Attachment(Part):
    """A document named by its hash, as a sealed value (format.md §3)."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    media_type: Annotated[str, Field(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$", max_length=100)]
    size: Index
    sha256: Sha256


# -- who may sign --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grant:
    """One way to be allowed to sign a type.

    way: "founder" (office `ledger`), "own-key" (office `key/<keyid>`), "role" (a designation to a seat with
        one of `roles` in the act's body, or in any body where `anywhere`), "seat" (a designation to the
        very seat that the act names).
    """

    way: Literal["founder", "own-key", "role", "seat"]
    roles: frozenset[str] = frozenset()
    anywhere: bool = False


FOUNDER = Grant("founder")
OWN_KEY = Grant("own-key")
SEAT = Grant("seat")
SECRETARY = Grant("role", frozenset({"secretary", "prosecretary"}))
CHAIR = Grant("role", frozenset({"chair", "vice-chair"}))
REGISTRAR = Grant("role", frozenset({"registrar"}), anywhere=True)
CUSTODIAN = Grant("role", frozenset({"custodian"}), anywhere=True)


# -- sealed values -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SealedField:
    """A sealed value that a type may carry: its name, its schema, whether it must be there.

    name: a literal, or with `*` standing for one number: `item/*/title`.
    subject: whose data key closes it: "stream" (one key a stream) or "person" (one key a person id in data).
    """

    name: str
    schema: Any = Text
    required: bool = True
    subject: Literal["stream", "person"] = "stream"

    @property
    def pattern(self) -> re.Pattern[str]:
        """The full pattern of the names that this field admits."""
        return re.compile(re.escape(self.name).replace(r"\*", "[1-9][0-9]{0,5}"))


@lru_cache(maxsize=256)
def _adapter(schema: Any) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


# -- whose word it is ----------------------------------------------------------------------------------------

Voice: TypeAlias = Literal["own", "attested", "officer", "imported"]
"""own: the person's, with his own key. attested: the secretary's, of others. officer: an officer's, of what is his to
do. imported: what another source says (format.md §3)."""
Whose: TypeAlias = Voice | Literal["seat"]
"""What a type says of its voice; "seat": own where the holder of the seat named signs, else attested of him."""


# -- the act and its registry --------------------------------------------------------------------------------

_REGISTRY: dict[str, type[Act]] = {}


class Act(Part):
    """The data of a statement of one type; subclasses with a `type_name` enter the registry."""

    type_name: ClassVar[str]
    kind: ClassVar[str]
    may_sign: ClassVar[tuple[Grant, ...]]
    sealed_fields: ClassVar[tuple[SealedField, ...]] = ()
    basis_kinds: ClassVar[tuple[str, ...]] = ()
    voice: ClassVar[Whose] = "officer"

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Enter a concrete type into the registry.

        A second class of one name is a programming error, and so is a sealed value named like a member of `data`: no
        statement may have both (format.md §3).
        """
        super().__pydantic_init_subclass__(**kwargs)
        if "type_name" in cls.__dict__:
            if cls.type_name in _REGISTRY or any(field.name in cls.model_fields for field in cls.sealed_fields):
                raise TypeError(cls.type_name)
            _REGISTRY[cls.type_name] = cls

    def stream(self) -> str:
        """Return the stream that this act belongs to: a function of type and data (V9)."""
        raise NotImplementedError

    def sealed_required(self) -> Iterable[str]:
        """Return the names of the sealed values that must be there."""
        return (field.name for field in self.sealed_fields if field.required and "*" not in field.name)

    def sealed_field(self, name: str) -> SealedField:
        """Return the field that admits the sealed name.

        Raises:
            UntrustedInputError: "sealed-name" when the type has no such sealed value.
        """
        for field in self.sealed_fields:
            if field.name == name or ("*" in field.name and field.pattern.fullmatch(name)):
                return field
        raise UntrustedInputError("sealed-name", f"{self.type_name} has no sealed {name}")

    def check_sealed_names(self, names: Iterable[str]) -> None:
        """Refuse sealed names that the type does not have, and missing ones that it requires.

        Raises:
            UntrustedInputError: "sealed-name" or "sealed-missing".
        """
        present = set(names)
        if not present and not self.sealed_fields:
            return
        for name in present:
            self.sealed_field(name)
        for name in self.sealed_required():
            if name not in present:
                raise UntrustedInputError("sealed-missing", f"{self.type_name} requires sealed {name}")

    def check_sealed_value(self, name: str, value: Any) -> None:
        """Check a disclosed value against its schema.

        Raises:
            UntrustedInputError: "sealed-value" when it does not fit.
        """
        try:
            _adapter(self.sealed_field(name).schema).validate_python(value)
        except ValidationError as error:
            raise UntrustedInputError("sealed-value", f"{name}: {error.errors()[0]['msg']}") from error


def voice_of(act: Act, office: str) -> Voice:
    """Return whose word an act is, signed in that office (format.md §3): every page and report says it."""
    if act.voice != "seat":
        return act.voice
    seat = f"designation/{getattr(act, 'body', '')}/{getattr(act, 'seat', '')}/"
    return "own" if office.startswith(seat) else "attested"


def act_types() -> Mapping[str, type[Act]]:
    """Return every known act type by name, in alphabetical order."""
    return dict(sorted(_REGISTRY.items()))


def parse_act(type_name: str, data: Mapping[str, Any]) -> Act:
    """Return the act that `data` says, of the type named.

    Raises:
        UntrustedInputError: "unknown-type", or "bad-data" with the first offending place.
    """
    cls = _REGISTRY.get(type_name)
    if cls is None:
        raise UntrustedInputError("unknown-type", type_name[:70])
    try:
        act: Act = cls.__pydantic_validator__.validate_python(data)  # `model_validate` without its options
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UntrustedInputError("bad-data", f"{type_name} {place}: {first['msg']}") from error
    return act
