"""Words for what networks know: the generators from whose fakes they have learnt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from cifake_core.basics.text import enumerated, in_words
from cifake_core.generators.catalogue import GENERATORS, Family, Generator
from cifake_core.networks import NETWORKS

#: What made the fakes of CIFAKE, from which every network has learnt.
CIFAKE_GENERATOR: Final = "Stable Diffusion 1.4"
#: One and several of those that draw from noise, by family.
_FAMILIES: Final[Mapping[Family, tuple[str, str]]] = {
    "GAN": ("a GAN", "GANs"),
    "diffusion": ("a diffusion model", "diffusion models"),
    "autoencoder": ("an autoencoder", "autoencoders"),
    "flow": ("a normalising flow", "normalising flows"),
}
_REDRAWING: Final = ("one that redraws photographs", "that redraw photographs")


def knows(known: Sequence[str], *, whole: bool = False) -> str:
    """Words for what a network knows: "knows only Stable Diffusion 1.4".

    Args:
        known: names of generators, CIFAKE's first; those that are not in our catalogue
            are from data sets of one's own.
        whole: say, too, of what kinds our own generators are.
    """
    return f"knows {_listed(known, whole=whole)}"


def _listed(known: Sequence[str], *, whole: bool) -> str:
    """Words for what is known; see `knows`."""
    own = [GENERATORS[name] for name in known if name in GENERATORS]
    first, *taught = [name for name in known if name not in GENERATORS]
    yours = taught and f"{in_words(len(taught))} of your own: {enumerated(taught)}"
    if not own:
        return f"only {first} and {yours}" if yours else f"only {first}"
    words = f"{in_words(len(own))} small generator{'s' * (len(own) != 1)} of our own"
    if not whole:
        return enumerated([first, words, yours] if yours else [first, words])
    words = f"{first} and {words}: {_kinds(own)}"
    return f"{words}; and {yours}" if yours else words


def _kinds(own: Sequence[Generator]) -> str:
    """Words for what some of our own generators are."""
    counts = Counter(each.family for each in own if each.kind == "noise")
    kinds = [_counted(num, *_FAMILIES[family]) for family, num in counts.items()]
    redrawing = sum(each.kind == "photograph" for each in own)
    if redrawing:
        kinds.append(_counted(redrawing, *_REDRAWING))
    return enumerated(kinds)


def networks_know(known: Mapping[str, Sequence[str]]) -> str:
    """Sentence on networks whose answers stand side by side.

    Args:
        known: names of generators, by the network's name.
    """
    titles: dict[str, list[str]] = {}
    for name, each in known.items():
        words = _listed(each, whole=False)
        titles.setdefault(words, []).append(f"the {NETWORKS[name].title}")
    said = [
        f"{enumerated(who)} {'knows' if len(who) == 1 else 'know'} {words}"
        for words, who in titles.items()
    ]
    return (
        "REAL from a network means no more than no trace of the generators it knows: "
        f"{'; '.join(said)}."
    )


def described(known: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Title of each generator and what it is, for who asks which are meant."""
    return tuple(
        (GENERATORS[name].title, GENERATORS[name].description)
        if name in GENERATORS
        else (name, f"made the fakes of {_whose(name)}")
        for name in known
    )


def _whose(generator: str) -> str:
    """Words for the data set whose fakes a generator of no catalogue has made."""
    if generator == CIFAKE_GENERATOR:
        return "the data set CIFAKE"
    return "a data set of your own"


def _counted(num: int, one: str, several: str) -> str:
    """Words for so many of a kind."""
    return one if num == 1 else f"{in_words(num)} {several}"
