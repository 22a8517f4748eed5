"""Records of what a picture's file says; small, frozen and serialisable."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

#: `none`: no signature; `broken`: what was signed has changed; `trusted`: whole, and
#: the signer is on the list; `untrusted`: whole, and the signer is not on it;
#: `unchecked`: whole, but there is no list, or the statement lies elsewhere.
SignedState: TypeAlias = Literal["none", "broken", "trusted", "untrusted", "unchecked"]
SIGNED_STATES: Final[tuple[SignedState, ...]] = get_args(SignedState)
#: Whether the preview in a file shows the picture.
Thumbnail: TypeAlias = Literal["none", "same", "differs"]

#: Digital source types (IPTC NewsCodes) of what was made, wholly or partly, by AI.
AI_SOURCE_TYPES: Final = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "trainedAlgorithmicData",
    }
)
#: Those of what a camera took.
CAMERA_SOURCE_TYPES: Final = frozenset({"digitalCapture", "computationalCapture"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """Signed origin of a file (C2PA content credentials).

    `tool` made the statement, `signer` is the name in the certificate, `time` that of
    the signature (ISO 8601), if a time stamp proves it; `digital_source_type` is
    IPTC's word for how it was made. `changed` are words on what was changed since.
    `list_date` is the day of the trust list that was asked, `address` where a
    statement lies that was not fetched.
    """

    state: SignedState
    tool: str | None = None
    signer: str | None = None
    time: str | None = None
    digital_source_type: str | None = None
    changed: tuple[str, ...] = ()
    list_date: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Generated:
    """Place in a file that says it was generated.

    `where` names the place, `quote` is what stands there, shortened, `tool` the
    program that writes so, None if the place names none.
    """

    where: str
    quote: str
    tool: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Camera:
    """What a file says of being a photograph; None where it says nothing.

    `exposure` is the words for time, aperture, sensitivity and focal length, `time`
    that of the photograph as the camera wrote it, `source_type` IPTC's word for a
    camera's picture. Where it was taken is not here: `camera.location` reads it.
    """

    maker: str | None = None
    model: str | None = None
    lens: str | None = None
    exposure: str | None = None
    time: str | None = None
    source_type: str | None = None
    has_location: bool = False

    @property
    def named(self) -> str:
        """Maker and model in a row, or "" if the file names no camera."""
        maker, model = self.maker or "", self.model or ""
        return model if model.startswith(maker) else f"{maker} {model}".strip()

    @property
    def speaks(self) -> bool:
        """Whether anything of it says that a camera took the picture."""
        words = (self.maker, self.model, self.lens, self.exposure, self.source_type)
        return any(words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """How a file was saved.

    `quality` is libjpeg's, 1 to 100, and an estimate where the tables are the
    program's own; `tables` are those of libjpeg ("standard") or others ("own"), all
    three None for what is no JPEG. `twice` is True where its pixels show that they
    were saved as JPEG before, and None where nothing can be said. `thumbnail` is that
    of the EXIF data.
    """

    format: str
    width: int
    height: int
    quality: int | None = None
    subsampling: str | None = None
    tables: Literal["standard", "own"] | None = None
    twice: Literal[True] | None = None
    thumbnail: Thumbnail = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileFacts:
    """All that a picture's file says of itself.

    `sha256` is the hash of its bytes, `pixels_sha256` that of its pixels as decoded,
    `dhash` a perceptual one. `notes` are sentences on what could not be read.
    """

    signed: Signed
    generated: tuple[Generated, ...]
    camera: Camera
    saved: Saved
    sha256: str
    pixels_sha256: str
    dhash: str
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:  # of JSON values
        """The facts for a program: the same keys for every file."""
        record = asdict(self)
        del record["notes"], record["signed"]["list_date"], record["signed"]["address"]
        record["signed"]["changed"] = list(self.signed.changed)
        record["generated"] = list(record["generated"])
        return record
