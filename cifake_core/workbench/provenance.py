"""The part of the workbench on provenance: what a picture's file itself says."""

import hashlib
from pathlib import Path

from cifake_core.basics.errors import ModelUnavailableError, NotMadeError
from cifake_core.pictures.records import Picture
from cifake_core.provenance.camera import Location, location
from cifake_core.provenance.reading import read_facts
from cifake_core.provenance.records import FileFacts
from cifake_core.provenance.trust_list import TrustList, artefact
from cifake_core.workbench.answer_cache import AnswerCache


class ProvenanceBench:
    """Answers on what files say of their origin; they change no verdict.

    Args:
        user_data: the user's folder, where a list of trusted signers may lie.
        answers: where answers are kept.
    """

    def __init__(self, user_data: Path, answers: AnswerCache) -> None:
        self._list = artefact(user_data)
        self._answers = answers

    def facts(self, source: bytes, picture: Picture) -> FileFacts:
        """All that a file says of its origin.

        Args:
            source: the bytes of the file.
            picture: as `pictures.reading.read_picture` read it from them.
        """
        trust_list = self.trust_list()
        held = (trust_list.sha256, trust_list.fetched) if trust_list else ()
        sha256 = hashlib.sha256(source).hexdigest()
        return self._answers.answer(
            ("file", sha256, held),
            lambda _: read_facts(source, picture, trust_list=trust_list),
        )

    def location(self, source: bytes) -> Location | None:
        """Place where a file says it was taken; only for who asks, and kept nowhere."""
        return location(source)

    def trust_list(self) -> TrustList | None:
        """The list of trusted signers, or None if there is none that can be read."""
        try:
            return self._list.read(TrustList)
        except (NotMadeError, ModelUnavailableError):
            return None
