"""Signs of generation: where a file says that a program made the picture."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from cifake_core.provenance.metadata import Text
from cifake_core.provenance.records import AI_SOURCE_TYPES, Generated
from cifake_core.provenance.text import quoted
from cifake_core.provenance.xmp import Property

#: Places that are listed; the first of each tool come first.
_MAX_PLACES: Final = 8
A1111: Final = "Stable Diffusion web UI (AUTOMATIC1111)"
COMFYUI: Final = "ComfyUI"
INVOKEAI: Final = "InvokeAI"
NOVELAI: Final = "NovelAI"
FOOOCUS: Final = "Fooocus"
SWARMUI: Final = "SwarmUI"

#: Programs by how they name themselves where a file names the program that wrote it.
_NAMES: Final[Mapping[str, str]] = {
    r"novelai": NOVELAI,
    r"comfyui": COMFYUI,
    r"invoke-?ai": INVOKEAI,
    r"fooocus": FOOOCUS,
    r"automatic1111|stable[ -]diffusion": "Stable Diffusion",
    r"midjourney": "Midjourney",
    r"dall[-·. ]?e\b": "DALL·E",
    r"adobe firefly": "Adobe Firefly",
    r"made with google ai|\bimagen\b": "Google AI",
    r"\bgpt-?4o|\bgpt-image|chatgpt": "OpenAI",
    r"\bflux\.?1\b|black forest labs": "FLUX",
    r"ideogram": "Ideogram",
    r"leonardo\.ai": "Leonardo.Ai",
}
#: Keys of texts and properties in which a program names itself.
_PROGRAM_KEYS: Final = frozenset(
    {"Software", "Source", "CreatorTool", "Credit", "AISystemUsed", "Make", "Model"}
)
_A1111_SETTINGS: Final = re.compile(r"\bSteps: \d+, Sampler: ")
_DREAM_SETTINGS: Final = re.compile(r"\s-[sSWHCA]\s?\S")
_FOOOCUS_VERSION: Final = re.compile(r"\bVersion: Fooocus", re.IGNORECASE)


def signs(
    texts: Iterable[Text], properties: Iterable[Property]
) -> tuple[Generated, ...]:
    """Places that say the picture was generated; each can be written by anyone.

    Args:
        texts: of the file.
        properties: of its XMP packet.
    """
    found = (*_from_texts(tuple(texts)), *_from_properties(properties))
    places = {(each.where, each.tool): each for each in reversed(found)}
    return tuple(islice(reversed(places.values()), _MAX_PLACES))


def _from_texts(texts: tuple[Text, ...]) -> Iterator[Generated]:
    """What the texts tell."""
    keys = {text.key for text in texts}
    for text in texts:
        for tool_of in _TOOLS:
            tool = tool_of(text, keys)
            if tool:
                yield Generated(where=text.where, quote=quoted(text.value), tool=tool)
                break


def _from_properties(properties: Iterable[Property]) -> Iterator[Generated]:
    """What the XMP packet tells."""
    for each in properties:
        tool = _named(each.name, each.value)
        kind = each.value.rstrip("/").rpartition("/")[2]
        says_so = each.name == "DigitalSourceType" and kind in AI_SOURCE_TYPES
        if tool or says_so or each.name == "AISystemUsed":
            where = f"XMP {each.name}"
            yield Generated(where=where, quote=each.value, tool=tool)


def _named(key: str, value: str) -> str | None:
    """Tool that a place for programs' names names."""
    if key not in _PROGRAM_KEYS:
        return None
    tools = (
        tool
        for pattern, tool in _NAMES.items()
        if re.search(pattern, value[:256], re.IGNORECASE)
    )
    return next(tools, None)


def _program(text: Text, _keys: set[str]) -> str | None:
    """Tool that names itself as the program."""
    return _named(text.key, text.value)


def _comfyui(text: Text, _keys: set[str]) -> str | None:
    """ComfyUI's graph; in WebP files it stands where a camera's name would."""
    value = text.value
    if text.key in ("Make", "Model"):
        key, _, value = value.partition(":")
        if key.lower() not in ("prompt", "workflow"):
            return None
    elif text.key not in ("prompt", "workflow"):
        return None
    graph = _json(value)
    nodes = graph.get("nodes", list(graph.values()))
    nodes = nodes if isinstance(nodes, list) else []
    is_graph = any(
        isinstance(node, dict) and ("class_type" in node or "type" in node)
        for node in nodes
    )
    return COMFYUI if is_graph else None


def _invokeai(text: Text, _keys: set[str]) -> str | None:
    """InvokeAI's three ways, the eldest first."""
    if text.key == "Dream" and _DREAM_SETTINGS.search(text.value):
        return INVOKEAI
    if text.key == "sd-metadata" and "app_id" in _json(text.value):
        return INVOKEAI
    is_named = text.key.startswith("invokeai_")
    return INVOKEAI if is_named and _json(text.value) else None


def _web_ui(text: Text, keys: set[str]) -> str | None:
    """Stable Diffusion web UI and those that write into the same places."""
    if text.key not in ("parameters", "UserComment"):
        return None
    settings = _json(text.value)
    if "sui_image_params" in settings:
        return SWARMUI
    if "fooocus_scheme" in keys or _FOOOCUS_VERSION.search(text.value):
        return FOOOCUS
    if settings.keys() >= {"base_model", "sampler"}:
        return FOOOCUS
    if settings.get("Software") == NOVELAI:
        return NOVELAI
    return A1111 if _A1111_SETTINGS.search(text.value) else None


def _novelai(text: Text, keys: set[str]) -> str | None:
    """NovelAI's settings beside its title."""
    if text.key != "Comment" or "Description" not in keys:
        return None
    settings = _json(text.value)
    return NOVELAI if settings.keys() >= {"steps", "sampler", "uc"} else None


#: Asked in turn of each text; the first that knows it answers.
_TOOLS: Final[tuple[Callable[[Text, set[str]], str | None], ...]] = (
    _comfyui,
    _invokeai,
    _web_ui,
    _novelai,
    _program,
)


def _json(text: str) -> dict[str, Any]:  # of JSON values
    """JSON object of a text, empty if it is none."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}
