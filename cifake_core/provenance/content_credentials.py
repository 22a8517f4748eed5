"""Content credentials: the signed origin in a file (C2PA), checked without network."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from cifake_core.provenance.records import AI_SOURCE_TYPES, Generated, Signed
from cifake_core.provenance.text import MAX_NAME, name, quoted
from cifake_core.provenance.trust_list import TrustList
from cifake_core.provenance.xmp import Property

#: Types by the format that Pillow names.
_TYPES: Final[Mapping[str, str]] = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
#: Without these bytes there is no statement in a file: its boxes (JUMBF) have them.
_MARK: Final = b"jumb"
#: The XMP property that names a statement elsewhere.
_ELSEWHERE: Final = "provenance"
#: Whatever a file asks for, nothing is fetched.
_OFFLINE: Final[Mapping[str, Any]] = {
    "core": {
        "allowed_network_hosts": [],
        "max_decompressed_manifest_size_in_mb": 16,
    },
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
#: Words on failed checks, by how their codes begin (C2PA 2.2, section 15.2.2).
_CHANGES: Final[Mapping[str, str]] = {
    "assertion.dataHash": "the picture's bytes were changed after it was signed",
    "assertion.boxesHash": "the picture's bytes were changed after it was signed",
    "assertion.bmffHash": "the picture's bytes were changed after it was signed",
    "assertion.hashedURI": "a part of the statement was changed after it was signed",
    "assertion.missing": "a part of the statement is missing",
    "claimSignature.mismatch": "the statement was changed after it was signed",
    "claimSignature.outsideValidity": (
        "the signer's certificate did not hold when it was signed"
    ),
    "signingCredential.expired": (
        "the signer's certificate did not hold when it was signed"
    ),
    "signingCredential.revoked": "the signer's certificate was withdrawn",
    "signingCredential.invalid": "the signer's certificate is not one for signing",
    "claim.": "the statement is damaged",
    "ingredient.": "the statement of a picture that it was made from was changed",
}
_HARMLESS: Final = ("signingCredential.untrusted", "cawg.")
_REMOTE: Final = re.compile(r"from url (\S+)")
_MAX_CHANGES: Final = 4


def read_signed(
    source: bytes,
    kind: str,
    trust_list: TrustList | None,
    *,
    properties: Iterable[Property] = (),
) -> tuple[Signed, tuple[Generated, ...]]:
    """Signed origin of a file, and the places in it that say it was generated.

    Args:
        source: the bytes of the file.
        kind: its format, as Pillow names it.
        trust_list: of signers; without one nobody is called trusted or not.
        properties: of its XMP packet.
    """
    mime = _TYPES.get(kind)
    elsewhere = any(each.name == _ELSEWHERE for each in properties)
    if mime is None or not (elsewhere or _MARK in source):
        return Signed(state="none"), ()
    import c2pa  # noqa: PLC0415 - 50 ms, and most files have no statement

    settings = {key: dict(value) for key, value in _OFFLINE.items()}
    settings["verify"]["verify_trust"] = trust_list is not None
    if trust_list is not None:
        settings["trust"] = {"trust_anchors": trust_list.pem}
    try:
        context = c2pa.Context.from_dict(settings)
        with c2pa.Reader(mime, BytesIO(source), context=context) as reader:
            store: dict[str, Any] = json.loads(reader.json())
    except c2pa.C2paError as error:
        return _unread(str(error)), ()
    except (ValueError, RecursionError):
        return Signed(state="broken", changed=("the statement is damaged",)), ()
    return _signed(store, trust_list), tuple(_generated(store))


def _unread(fault: str) -> Signed:
    """Signed origin of a file whose statement the library does not give."""
    if fault.startswith("ManifestNotFound"):
        return Signed(state="none")
    remote = _REMOTE.search(fault)
    if remote:
        return Signed(state="unchecked", address=quoted(remote[1]))
    return Signed(state="broken", changed=("the statement cannot be read",))


def _signed(store: Mapping[str, Any], trust_list: TrustList | None) -> Signed:
    """Signed origin, of what the library found."""
    manifest = _active(store)
    signature = manifest.get("signature_info") or {}
    kinds = (kind for _, kind, _ in _actions(store))
    changed = tuple(dict.fromkeys(_changes(store)))[:_MAX_CHANGES]
    whole = store.get("validation_state") in ("Valid", "Trusted")
    state: Any = "broken"  # one of the states
    if whole and trust_list is None:
        state = "unchecked"
    elif whole:
        is_trusted = store["validation_state"] == "Trusted"
        state = "trusted" if is_trusted else "untrusted"
    elif not changed:
        changed = ("the statement does not fit the picture",)
    return Signed(
        state=state,
        tool=_tool(manifest),
        signer=_signer(signature),
        time=name(signature.get("time")),
        digital_source_type=next((kind for kind in kinds if kind), None),
        changed=() if whole else changed,
        list_date=trust_list.fetched if trust_list else None,
    )


def _active(store: Mapping[str, Any]) -> Mapping[str, Any]:
    """The manifest that speaks of the picture as it is."""
    manifests = store.get("manifests") or {}
    found: Mapping[str, Any] = manifests.get(store.get("active_manifest")) or {}
    return found


def _tool(manifest: Mapping[str, Any]) -> str | None:
    """Program that made the statement, with its version."""
    for info in manifest.get("claim_generator_info") or ():
        parts = [str(info.get(key) or "") for key in ("name", "version")]
        return name(" ".join(parts).strip())
    return name(manifest.get("claim_generator"))


def _signer(signature: Mapping[str, Any]) -> str | None:
    """Name in the signer's certificate: the organisation's, then its own."""
    words = (signature.get(key) for key in ("issuer", "common_name"))
    names = dict.fromkeys(word for word in map(name, words) if word)
    return quoted(", ".join(names), most=2 * MAX_NAME) or None


def _changes(store: Mapping[str, Any]) -> Iterator[str]:
    """Words on each failed check, the picture's own first."""
    results = store.get("validation_results") or {}
    own = (results.get("activeManifest") or {}).get("failure") or ()
    yield from (_change(each.get("code", "")) for each in own if _counts(each))
    for delta in results.get("ingredientDeltas") or ():
        failures = (delta.get("validationDeltas") or {}).get("failure") or ()
        for each in failures:
            if _counts(each):
                yield f"of a picture that it was made from: {_change(each['code'])}"


def _counts(status: Mapping[str, Any]) -> bool:
    """Whether a failed check says that something was changed."""
    return not str(status.get("code", "")).startswith(_HARMLESS)


def _change(code: str) -> str:
    """Words on a failed check."""
    for beginning, words in _CHANGES.items():
        if code.startswith(beginning):
            return words
    return f"the check {quoted(code, most=MAX_NAME)} failed"


def _actions(store: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """Each action: its name, digital source type, program; the picture's own first."""
    active = _active(store)
    others = [each for each in store["manifests"].values() if each is not active]
    for manifest in (active, *others):
        for assertion in manifest.get("assertions") or ():
            if not str(assertion.get("label")).startswith("c2pa.actions"):
                continue
            for action in (assertion.get("data") or {}).get("actions") or ():
                kind = str(action.get("digitalSourceType") or "").strip()
                agent = action.get("softwareAgent")
                agent = agent.get("name") if isinstance(agent, dict) else agent
                term = name(kind.rstrip("/").rpartition("/")[2])
                yield str(action.get("action")), term, name(agent)


def _generated(store: Mapping[str, Any]) -> Iterator[Generated]:
    """Actions that say the picture, or a part of it, was made by AI."""
    tool = _tool(_active(store))
    for action, kind, agent in _actions(store):
        if kind in AI_SOURCE_TYPES:
            yield Generated(
                where=f"C2PA {quoted(action, most=MAX_NAME)}",
                quote=f"digitalSourceType: {kind}",
                tool=agent or tool,
            )
