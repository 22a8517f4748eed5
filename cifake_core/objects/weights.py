"""Weights of the object detector: where they come from, and that they are those."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.errors import ModelUnavailableError, NotMadeError, SettingError
from cifake_core.basics.fetching import fetched
from cifake_core.basics.files import write_whole

FETCH: Final = "python -m cifake_core objects fetch"
#: The file in the folder of user data.
WEIGHTS_FILE: Final = "object-detector.onnx"


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """File of weights: its address, its SHA-256 and its size in bytes."""

    title: str
    licence: str
    address: str
    sha256: str
    num_bytes: int


#: YOLOX-nano: 0.9 million parameters, 80 kinds of objects of COCO.
#: Source: Ge et al. 2021, arXiv:2107.08430.
YOLOX_NANO: Final = Weights(
    title="YOLOX-nano",
    licence="Apache-2.0",
    address="https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/"
    "yolox_nano.onnx",
    sha256="c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
    num_bytes=3_659_407,
)


def fetch(
    user_data: Path, place: str, *, by: Who, weights: Weights = YOLOX_NANO
) -> Path:
    """Put the weights into the user's folder, checked or not at all; return the file.

    It is noted in the audit, where there are accounts.

    Args:
        user_data: the user's folder.
        place: an address that begins with https://, or a path.
        by: who gets them.
        weights: what must come.

    Raises:
        SettingError: If they cannot be had or kept, or others came.
    """
    held = fetched(
        place,
        what="detector's weights",
        kind="file",
        max_bytes=weights.num_bytes,
    )
    found = hashlib.sha256(held).hexdigest()
    if found != weights.sha256:
        msg = (
            f"{place} is not {weights.title} as published: expected SHA-256 "
            f"{weights.sha256[:12]}…, received {found[:12]}…. Nothing was kept."
        )
        raise SettingError(msg)
    path = user_data / WEIGHTS_FILE
    try:
        user_data.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as scratch:
            scratch.write_bytes(held)
    except OSError as error:
        msg = f"The detector cannot be kept in {user_data}: {error}. Make room there."
        raise SettingError(msg) from error
    result = f"SHA-256 {weights.sha256}"
    note_act(
        user_data, by, action="detector.fetch", subject=weights.title, result=result
    )
    return path


def read(user_data: Path, *, weights: Weights = YOLOX_NANO) -> bytes:
    """Weights in the user's folder.

    Raises:
        NotMadeError: If there are none.
        ModelUnavailableError: If they are not those that were published.
    """
    path = user_data / WEIGHTS_FILE
    try:
        held = path.read_bytes()
    except FileNotFoundError as error:
        msg = f"There is no object detector in {path}. Get it by `{FETCH}`."
        raise NotMadeError(msg) from error
    except OSError as error:
        msg = f"The object detector {path} cannot be read: {error}."
        raise ModelUnavailableError(msg) from error
    if hashlib.sha256(held).hexdigest() != weights.sha256:
        msg = f"The object detector {path} is damaged. Get it anew by `{FETCH}`."
        raise ModelUnavailableError(msg)
    return held
