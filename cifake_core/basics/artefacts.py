"""Artefacts: frozen records and arrays that a command leaves in a file.

There is one dialect. A record is a JSON object of its fields beside the number of its
schema; an estimate is `{value, low, high}`, and an optional field without a value is
left out. Arrays lie in NumPy's npz beside such a record, the header. Reading is
strict: another schema, a missing or unknown key or a value of another type is refused.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Any, ClassVar, Final, Protocol, TypeAlias, TypeVar
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter

from cifake_core.basics.errors import ModelUnavailableError, NotMadeError
from cifake_core.basics.files import write_whole


class Record(Protocol):
    """Frozen dataclass that is kept in a file; its class bears the schema's number.

    The number is raised whenever a field comes, goes or changes its meaning.
    """

    SCHEMA: ClassVar[int]


R = TypeVar("R", bound=Record)
T = TypeVar("T")
Arrays: TypeAlias = dict[str, npt.NDArray[Any]]  # each of its own type

_SCHEMA: Final = "schema"
_HEADER: Final = "header"
#: What reading a damaged file raises, whatever wrote it.
_DAMAGE: Final = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,  # a zip with a flipped byte claims to be encrypted,
    TokenError,  # or an array's header to be a long Python literal
    BadZipFile,
    zlib.error,
    BaseValidationError,
)
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Artefact:
    """File that a command makes: written whole or not at all, read strictly.

    A file that is missing raises `NotMadeError`; one that is damaged, of another
    schema or made with other weights `ModelUnavailableError`. Either names the file,
    `what` it holds and the `remedy`, the sentence on how to make it. What cannot be
    written raises `OSError`.
    """

    path: Path
    what: str
    remedy: str

    def write(self, record: Record) -> Path:
        """Write a record as JSON; return the file."""
        with write_whole(self.path) as scratch:
            scratch.write_text(_dumped(record, indent=2) + "\n", "utf-8")
        return self.path

    def read(self, kind: type[R]) -> R:
        """Record of the class `kind`."""
        with self.reading():
            return _loaded(self.path.read_text("utf-8"), kind)

    def write_arrays(
        self,
        header: Record,
        arrays: Mapping[str, npt.NDArray[Any]],
        *,
        compressed: bool = True,
    ) -> Path:
        """Write arrays and their header as npz; return the file."""
        save = np.savez_compressed if compressed else np.savez
        named: Arrays = {_HEADER: np.array(_dumped(header)), **arrays}
        with write_whole(self.path) as scratch:
            save(scratch, allow_pickle=False, **named)
        return self.path

    def read_arrays(self, kind: type[R]) -> tuple[R, Arrays]:
        """Header of the class `kind`, and the arrays by name."""
        # opened here, since np.load does not close a file that is no whole zip
        with (
            self.reading(),
            self.path.open("rb") as stream,
            np.load(stream, allow_pickle=False) as file,
        ):
            header = _loaded(str(file[_HEADER]), kind)
            return header, {name: file[name] for name in file.files if name != _HEADER}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Context in which whatever a missing or damaged file raises is a sentence."""
        try:
            yield
        except FileNotFoundError as error:
            msg = f"There is no {self.what} in {self.path}. {self.remedy}"
            raise NotMadeError(msg) from error
        except _DAMAGE as error:
            msg = f"{self} cannot be read: {_reason(error)}. {self.remedy}"
            raise ModelUnavailableError(msg) from error

    def check_weights(
        self, made_with: Mapping[str, str], in_use: Mapping[str, str]
    ) -> None:
        """Check the weights' SHA-256, by network, against those in use."""
        for name in sorted(made_with.keys() | in_use.keys()):
            old, new = (each.get(name, "none") for each in (made_with, in_use))
            if old != new:
                msg = (
                    f"{self} was made with other weights of {name} (SHA-256 "
                    f"{old[:_SHORT]}…) than those in use ({new[:_SHORT]}…). "
                    f"{self.remedy}"
                )
                raise ModelUnavailableError(msg)

    def __str__(self) -> str:
        """The file as messages begin with it."""
        return f"The {self.what} {self.path}"


def check_schema(found: object, expected: int) -> None:
    """Check the number of a schema; another is a `ValueError`, for `reading`."""
    if found != expected:
        msg = f"it is of schema {found or 'none'}, this version reads schema {expected}"
        raise ValueError(msg)


def to_json(record: object) -> Any:  # noqa: ANN401 - JSON: any value
    """JSON values of a record, without a schema."""
    return _CONVERTER.unstructure(record)


def from_json(held: object, kind: type[T]) -> T:
    """Record of a class from its JSON values; others are a `ValueError`."""
    try:
        return _CONVERTER.structure(held, kind)
    except _DAMAGE as error:
        raise ValueError(_reason(error)) from error


def _dumped(record: Record, *, indent: int | None = None) -> str:
    """JSON text of a record with its schema."""
    held = {_SCHEMA: record.SCHEMA, **to_json(record)}
    return json.dumps(held, indent=indent, allow_nan=False)


def _loaded(text: str, kind: type[R]) -> R:
    """Record of a JSON text with its schema."""
    held = json.loads(text)
    if not isinstance(held, dict):
        msg = f"expected a JSON object, received a {type(held).__name__}"
        raise TypeError(msg)
    check_schema(held.pop(_SCHEMA, None), kind.SCHEMA)
    return _CONVERTER.structure(held, kind)


def _reason(error: BaseException) -> str:
    """What is wrong with a file, in words without a full stop."""
    if isinstance(error, BaseValidationError):
        told = transform_error(error, "record", lambda each, _kind: _reason(each))
        return str(told[0])
    if isinstance(error, KeyError):
        return f"it lacks {error}"
    return str(error).rstrip(".") or type(error).__name__


def _strict(value: object, kind: type[T]) -> T:
    """Value of a plain type, which no other type is turned into."""
    accepted = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or (
        isinstance(value, bool) and kind is not bool
    ):
        msg = f"expected {kind.__name__}, received {value!r}"
        raise TypeError(msg)
    return kind(value)  # type: ignore[call-arg]  # of int, float, str, bool


def _make_converter() -> Converter:
    """The one converter between records and JSON."""
    converter = make_converter(forbid_extra_keys=True)
    for kind in (int, float, str, bool):
        converter.register_structure_hook(kind, _strict)

    def unstructured(kind: type) -> Any:  # noqa: ANN401 - a function of cattrs
        absent: dict[str, Any] = {  # overrides of fields, not the function's options
            field.name: override(omit_if_default=True)
            for field in fields(kind)
            if field.default is None
        }
        return make_dict_unstructure_fn(kind, converter, **absent)

    converter.register_unstructure_hook_factory(is_dataclass, unstructured)
    return converter


_CONVERTER: Final = _make_converter()
