"""What a form sends, read within bounds."""

from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

#: Bytes of a form, with a picture in it or without.
_MOST: Final = 20_000
_MOST_WITH_PICTURE: Final = 10_100_000
_MOST_FIELDS: Final = 20


async def read_form(request: Request) -> tuple[dict[str, str], bytes]:
    """Fields of a form, and the file in it.

    Raises:
        HTTPException: If it has more bytes than a form has, or does not say how many.
    """
    is_multipart = request.headers.get("content-type", "").startswith("multipart/")
    most = _MOST_WITH_PICTURE if is_multipart else _MOST
    length = request.headers.get("content-length", "")
    if not (length.isdecimal() and int(length) <= most):
        raise HTTPException(413, "The form is too large, or does not say how large.")
    fields, picture = dict[str, str](), b""
    async with request.form(
        max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST
    ) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                picture = await value.read()
            else:
                fields[name] = value
    return fields, picture
