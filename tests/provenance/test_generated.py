"""Signs of generation: the places of each program, and what is no sign."""

import gzip
import json

import numpy as np
import pytest
from PIL import ExifTags

from cifake_core.provenance import generated
from cifake_core.provenance.text import MAX_QUOTE
from tests import made_data
from tests.provenance.reading import XMP, exif, facts, with_exif, with_texts, with_xmp

A1111 = "a duck\nNegative prompt: fog\nSteps: 15, Sampler: UniPC, CFG scale: 5, Seed: 2"
GRAPH = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1}}})
WORKFLOW = json.dumps({"last_node_id": 3, "nodes": [{"id": 3, "type": "KSampler"}]})
NOVELAI = json.dumps({"steps": 28, "sampler": "k_euler", "uc": "fog", "seed": 1})
FOOOCUS = json.dumps({"base_model": "a", "sampler": "dpmpp", "prompt": "a duck"})
SWARM = json.dumps({"sui_image_params": {"prompt": "a duck"}})


@pytest.mark.parametrize(
    ("texts", "tool"),
    [
        ({"parameters": A1111}, generated.A1111),
        ({"prompt": GRAPH}, "ComfyUI"),
        ({"workflow": WORKFLOW}, "ComfyUI"),
        ({"Dream": '"a duck" -s 50 -S 1 -W 512 -H 512 -C 7.5'}, "InvokeAI"),
        ({"sd_metadata": json.dumps({"app_id": "invoke-ai/InvokeAI"})}, "InvokeAI"),
        ({"parameters": FOOOCUS}, "Fooocus"),
        ({"parameters": A1111 + ", Version: Fooocus v2.5"}, "Fooocus"),
        ({"parameters": SWARM}, "SwarmUI"),
        ({"Software": "NovelAI"}, "NovelAI"),
        ({"Description": "a duck", "Comment": NOVELAI}, "NovelAI"),
        ({"Software": "Midjourney 7"}, "Midjourney"),
    ],
)
def test_texts_of_programs(texts, tool):
    """The place is named, what stands there is quoted, the program told."""
    (sign,) = facts(with_texts(**texts)).generated

    *_, key = texts
    assert sign.tool == tool
    assert sign.where == f"PNG text “{key.replace('_', '-')}”"
    assert sign.quote[:5] in " ".join(texts[key].split())


def test_invokeai_names_its_key():
    """Its newest key has an underscore."""
    held = made_data.png(made_data.noise())
    assert facts(held).generated == ()
    text = generated.Text(where="here", key="invokeai_metadata", value='{"seed": 1}')

    (sign,) = generated.signs([text], [])

    assert sign.tool == "InvokeAI"


@pytest.mark.parametrize("order", ["utf-16-be", "utf-16-le"])
def test_a_jpegs_user_comment(order):
    """Web UIs write there, in UTF-16 of either order."""
    comment = b"UNICODE\0" + A1111.encode(order)
    tags = {ExifTags.Base.UserComment: comment}

    (sign,) = facts(with_exif(exif(details=tags))).generated

    assert (sign.where, sign.tool) == ("EXIF UserComment", generated.A1111)
    assert sign.quote.startswith("a duck Negative prompt: fog")


def test_comfyui_in_the_place_of_a_cameras_name():
    """Its WebP files have the graph there; no camera is named by it."""
    tags = {ExifTags.Base.Model: f"prompt:{GRAPH}"}

    found = facts(with_exif(exif(tags), "WEBP"))

    assert [sign.tool for sign in found.generated] == ["ComfyUI"]
    assert found.camera.model is None


@pytest.mark.parametrize("pack", [None, gzip.compress])
def test_text_hidden_in_the_transparency(pack):
    """It is found in the lowest bits, column by column, also compressed."""
    body = pack(A1111.encode()) if pack else A1111.encode()
    head = b"stealth_pngcomp" if pack else b"stealth_pnginfo"
    message = head + (8 * len(body)).to_bytes(4) + body
    bits = np.unpackbits(np.frombuffer(message, np.uint8))
    alpha = np.full(64 * 64, 254, np.uint8)
    alpha[: bits.size] |= bits
    pixels = np.dstack([made_data.noise(height=64, width=64), alpha.reshape(64, 64).T])

    (sign,) = facts(made_data.saved(pixels, "PNG")).generated

    assert (sign.where, sign.tool) == ("Hidden in the transparency", generated.A1111)


@pytest.mark.parametrize(
    "packet",
    [
        XMP.format(
            attributes=' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/'
            'digitalsourcetype/trainedAlgorithmicMedia"',
            elements="",
        ),
        XMP.format(
            attributes="",
            elements='<Iptc4xmpExt:DigitalSourceType rdf:resource="http://cv.iptc.org/'
            'newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"/>',
        ),
        XMP.format(
            attributes="",
            elements="<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/"
            "digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>",
        ),
    ],
)
def test_iptcs_digital_source_type(packet):
    """It is read in the three ways in which XMP may write it."""
    (sign,) = facts(with_xmp(packet.encode())).generated

    assert (sign.where, sign.tool) == ("XMP DigitalSourceType", None)
    assert "AlgorithmicMedia" in sign.quote


def test_a_program_named_in_xmp():
    """A list of one is read, too."""
    packet = XMP.format(
        attributes=' xmp:CreatorTool="Adobe Firefly 3"',
        elements="<photoshop:Credit><rdf:Alt><rdf:li>Made with Google AI</rdf:li>"
        "</rdf:Alt></photoshop:Credit>",
    )

    found = facts(with_xmp(packet.encode())).generated

    assert {sign.tool for sign in found} == {"Adobe Firefly", "Google AI"}


@pytest.mark.parametrize(
    "texts",
    [
        {"Description": "In the manner of Midjourney, by hand"},
        {"Comment": "Steps to the castle, Sampler of stone"},
        {"parameters": "white balance 5200"},
        {"prompt": "What do you see?"},
        {"prompt": '{"a": 1}'},
        {"workflow": '{"nodes": 3}'},
        {"Dream": "I had one"},
        {"Software": "GIMP 3.0"},
    ],
)
def test_ordinary_texts_are_no_sign(texts):
    """Words that also stand in such files are not enough."""
    assert facts(with_texts(**texts)).generated == ()


def test_a_cameras_source_type_is_no_sign():
    """IPTC's word for a photograph says that of the camera."""
    packet = XMP.format(
        attributes=' Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/'
        'digitalsourcetype/digitalCapture"',
        elements="",
    )

    found = facts(with_xmp(packet.encode()))

    assert found.generated == ()
    assert found.camera.source_type == "digitalCapture"


def test_quotations_are_short_and_on_one_line():
    """A record stays small, and nothing in it turns the writing round."""
    nasty = A1111 + "\u202e\x07\n" + 100_000 * "duck "

    (sign,) = facts(with_texts(parameters=nasty)).generated

    assert len(sign.quote) <= MAX_QUOTE
    assert not {"\n", "\u202e", "\x07"} & set(sign.quote)
