"""Limits of REST: what one request, one client and all of them together may ask."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Self

from cifake_core.basics.errors import SettingError
from cifake_core.pictures.reading import MAX_BYTES

#: Begins the environment variable of each limit: `CIFAKE_API_MAX_FILES` and so on.
VARIABLES: Final = "CIFAKE_API_"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits of REST, each a whole number from 1; a picture has its own (`reading`).

    Of a request: `max_files` pictures, `max_body_bytes` in all, and `upload_seconds`
    until the last byte is here. Of a client, by its address: `requests_per_minute`, and
    `max_at_once_per_client` under way, uploads included. Of all clients: `max_at_once`
    that are uploaded and wait for their answers. `num_workers` pictures are worked on
    at a time; by default half of the processors, so that pages have the others.

    Of a job, which is kept on the disk: `max_job_files`, a zip being one of them,
    `max_job_bytes`, and `job_upload_seconds`; `max_jobs` wait or are worked on.
    """

    max_files: int = 32
    max_body_bytes: int = 3 * MAX_BYTES
    upload_seconds: int = 30
    requests_per_minute: int = 6000
    max_at_once_per_client: int = 32
    max_at_once: int = 64
    num_workers: int = max(1, (os.cpu_count() or 1) // 2)
    max_job_files: int = 1000
    max_job_bytes: int = 1024**3
    job_upload_seconds: int = 600
    max_jobs: int = 16

    def of_job(self) -> Self:
        """The same limits, those of a request being those of a job."""
        return replace(
            self,
            max_files=self.max_job_files,
            max_body_bytes=self.max_job_bytes,
            upload_seconds=self.job_upload_seconds,
        )


def read_limits(environment: Mapping[str, str]) -> Limits:
    """The limits, with those of the environment in the place of defaults.

    Args:
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: If one is no whole number from 1.
    """
    given = {}
    for field in fields(Limits):
        text = environment.get(variable := f"{VARIABLES}{field.name.upper()}")
        if text is None:
            continue
        if not (text.isascii() and text.isdigit() and int(text) >= 1):
            msg = f"{variable} is a whole number from 1, but is set to {text!r}."
            raise SettingError(msg)
        given[field.name] = int(text)
    return Limits(**given)
