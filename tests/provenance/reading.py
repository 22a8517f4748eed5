"""What the tests of provenance read: the facts of files made by hand."""

from io import BytesIO

from PIL import ExifTags, Image, PngImagePlugin

from cifake_core.pictures.reading import read_picture
from cifake_core.provenance.reading import read_facts
from cifake_core.provenance.records import FileFacts
from cifake_core.provenance.trust_list import TrustList
from tests import made_data

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"{attributes}>{elements}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def facts(source: bytes, trust_list: TrustList | None = None) -> FileFacts:
    """All that a file says."""
    return read_facts(source, read_picture(source), trust_list=trust_list)


def with_texts(**texts: str) -> bytes:
    """A PNG file with these texts."""
    held = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        held.add_text(key.replace("_", "-"), value)
    return made_data.saved(made_data.noise(), "PNG", pnginfo=held)


def with_xmp(packet: bytes) -> bytes:
    """A JPEG file with this XMP packet."""
    return made_data.saved(made_data.noise(), "JPEG", xmp=packet)


def exif(
    image: dict[int, object] | None = None,
    details: dict[int, object] | None = None,
    location: dict[int, object] | None = None,
) -> Image.Exif:
    """EXIF data with these tags of the picture, the photograph and the place."""
    held = Image.Exif()
    held.update(image or {})
    if details:
        held.get_ifd(ExifTags.IFD.Exif).update(details)
    if location:
        held.get_ifd(ExifTags.IFD.GPSInfo).update(location)
    return held


def with_exif(held: Image.Exif, kind: str = "JPEG") -> bytes:
    """A file of this format with these EXIF data."""
    return made_data.saved(made_data.noise(height=64, width=64), kind, exif=held)


def stripped(source: bytes) -> bytes:
    """The same pixels saved again, as a site does that removes what files say."""
    file = BytesIO()
    with Image.open(BytesIO(source)) as image:
        Image.fromarray(read_picture(source).pixels).save(file, image.format)
    return file.getvalue()
