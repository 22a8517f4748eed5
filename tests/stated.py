"""What a text states about pictures, and the words on scope that must go with it."""

import re
from collections.abc import Mapping
from typing import Final

from cifake_core.networks import NETWORKS
from cifake_core.verdicts.scope import HEADLINES, SHORT_HEADLINES, Scope
from cifake_core.verdicts.scope_words import knows

#: What is said of the truth, or of evidence, and is no answer of a network.
_NO_ANSWER: Final = re.compile(
    r"[Tt]he truth: \S*REAL\S*|, is REAL|\bare REAL|\d REAL and|\b[Aa] REAL (?=[a-z])"
    r"|\b(for|against|towards|away from|nearest|leans to) REAL\b"
    r"|(?<!probability )\bof REAL\b|REAL above FAKE|REAL pictures"
    r"|REAL, n =|[\d,]+ called REAL|\"name\": ?\"REAL\""
)
#: An answer or a probability, whoever gives it.
_ANSWER: Final = re.compile(
    r"P\(REAL\)|p_real|probability of \W*REAL|\b(call|say|verdict)\w*\b[^.]*\bREAL\b"
)
_DECIDED: Final = re.compile(r"\b[Vv]erdict\W+(is\W+)?(REAL|FAKE|UNSURE)\b")
_TITLES: Final = {NETWORKS[name].title: name for name in NETWORKS}

_HEADLINES: Final = {*HEADLINES.values(), *SHORT_HEADLINES.values()} - {"UNSURE"}


def lacking(text: str, scope: Scope, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What a text states without the words that must go with it.

    Where a network's answer REAL stands, so do the words for what it knows; where a
    verdict does, so do the scope's sentences; no probability of REAL stands alone.

    Args:
        text: with any spaces.
        scope: of the verdicts.
        known: the generators that each network knows, by its name.
    """
    text = spaced(text)
    answers = _NO_ANSWER.sub("", text)
    sentences = [spaced(each) for each in scope.sentences]
    owed = [
        knows(known[name]).removeprefix("knows ")
        for title, name in _TITLES.items()
        if name in known and "REAL" in answers and title in answers
    ]
    if any(each in text for each in _HEADLINES) or _DECIDED.search(text):
        owed += sentences
    if not owed and _ANSWER.search(answers) and sentences[0] not in text:
        owed = ["generators it knows"]
    return [each for each in owed if each not in text]


def states_answers(text: str) -> bool:
    """Whether a text states an answer REAL, or a verdict, at all."""
    return bool(_ANSWER.search(text)) or any(each in text for each in _HEADLINES)


def spaced(text: str) -> str:
    """Text with single, plain spaces."""
    return " ".join(text.split())
