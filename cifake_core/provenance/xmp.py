"""XMP: what a packet of metadata says of how a picture was made."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cifake_core.provenance.text import quoted

#: Properties that are read, by their local name. Namespaces differ by version.
#: Source: IPTC Photo Metadata Standard 2025.1; XMP specification, part 2.
_PROPERTIES: Final = frozenset(
    {"DigitalSourceType", "CreatorTool", "Credit", "AISystemUsed", "provenance"}
)
#: An honest packet says each of them once.
_MAX_FOUND: Final = 32
_RESOURCE: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """A property of a packet, and its value."""

    name: str
    value: str


class XmpError(ValueError):
    """A packet that is no XMP, or that tries to spend memory or to fetch."""


def properties(packet: bytes) -> tuple[Property, ...]:
    """Properties of an XMP packet that tell how the picture was made.

    Entities and references to elsewhere are refused, not followed.

    Args:
        packet: XML, up to `metadata.MAX_PART` bytes.

    Raises:
        XmpError: If it cannot be read, with the reason in words.
    """
    if not packet.strip(b"\x00 \r\n\t"):
        return ()
    try:
        root = fromstring(packet.strip(b"\x00"), forbid_dtd=True)
    except DefusedXmlException as error:
        msg = "it declares a document type or entities, which no XMP needs"
        raise XmpError(msg) from error
    except (ParseError, ValueError, LookupError) as error:
        msg = "it is no well-formed XML"
        raise XmpError(msg) from error
    return tuple(islice(_found(root), _MAX_FOUND))


def _found(root: Element) -> Iterator[Property]:
    """Properties, whether they are written as attributes or as elements."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if _local(key) in _PROPERTIES:
                yield Property(name=_local(key), value=quoted(value))
        name = _local(str(element.tag))
        if name in _PROPERTIES:
            # a list of one lies two levels below; deeper, time would grow squared
            words = [element.attrib.get(_RESOURCE), element.text]
            words += [item.text for group in element for item in (group, *group)]
            value = quoted(" ".join(word for word in words if word and word.strip()))
            if value:
                yield Property(name=name, value=value)


def _local(tag: str) -> str:
    """Name without its namespace."""
    return tag.rpartition("}")[2]
