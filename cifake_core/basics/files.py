"""Files: written whole or not at all, named by their SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, record: Mapping[str, Any]) -> Path:
    """Write a record to its file, whole or not at all; return the file."""
    scratch = path.with_name(f"part.{path.name}")
    text = json.dumps(record, indent=2, allow_nan=False) + "\n"
    try:
        scratch.write_text(text, "utf-8")
        return scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
