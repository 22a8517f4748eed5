"""The card of a trained network: what it is, how it was made, how well it does.

What a card does not hold is not shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import streamlit as st

from cifake_core import figures
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.networks import NETWORKS
from cifake_core.networks.card import Metrics, NetworkCard, ObjectReport
from cifake_core.ui.widgets import scope_lines
from cifake_core.ui.widgets.components import chart_width
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import interval, table

Json: TypeAlias = Mapping[str, Any]  # any value
Words: TypeAlias = Mapping[str, tuple[str, Callable[..., str]]]

#: Width on the screen of a table of facts.
_TABLE: Final = 400

_FACTS: Final[Words] = {
    "model_sha256": ("Weights (SHA-256)", "{:.16}".format),
    "parameters": ("Parameters", "{:,}".format),
    "multiply_adds": (
        "Multiply-adds a picture",
        lambda count: f"{count / 1e6:.1f} million",
    ),
    "num_training": ("Pictures trained on", "{:,}".format),
    "num_validation": ("Pictures held out", "{:,}".format),
    "epochs": ("Epochs run", "{:,}".format),
    "seconds": ("Training time", lambda seconds: f"{seconds / 60:,.0f} min"),
    "precision": ("Arithmetic", "{}".format),
    "milliseconds": ("One picture takes", "{:.1f} ms".format),
    "temperature": ("Temperature (1: not needed)", "{:.3f}".format),
    "logit_shift": ("Shift towards REAL (0: not needed)", "{:+.3f}".format),
    "versions": (
        "Made with",
        lambda versions: ", ".join(f"{name} {versions[name]}" for name in versions),
    ),
    "code_version": ("Version of this program", "{}".format),
}
_OF_TRAINING: Final = ("num_training", "num_validation")


def _in_numbers(counts: Mapping[str, int] | Sequence[str]) -> str:
    """Generators with the number of each, which recipes of before do not have."""
    numbers = counts if isinstance(counts, Mapping) else dict.fromkeys(counts)
    told = (f"`{name}` {n:,}" if n else f"`{name}`" for name, n in numbers.items())
    return ", ".join(told) or "none"


_RECIPE: Final[Words] = {
    "epochs": ("Epochs, at most", "{}".format),
    "patience": ("Ends when not better for", "{} epochs".format),
    "learning_rate": ("Learning rate, at its highest", "{:g}".format),
    "warmup": ("Learning rate rises during", "{:.0%} of all steps".format),
    "weight_decay": ("Weight decay", "{:g}".format),
    "batch_size": ("Pictures in a step", "{:,}".format),
    "clip_norm": ("Gradient, at its longest", "{:g}".format),
    "object_weight": ("Weight of naming the object", "{:g}".format),
    "average_decay": ("Averaged weights, decay", "{:g}".format),
    "average_every": ("Averaged weights, every", "{:,} steps".format),
    "tail": ("Further epochs, averaged alike", "{}".format),
    "tail_rate": ("Learning rate in those", "{:g}".format),
    "seed": ("Seed", "{}".format),
    "split_seed": ("Seed of the held-out pictures", "{}".format),
    "generators": ("Fakes of other generators", _in_numbers),
    "num_generated": (
        "Of each of these at most",
        lambda count: f"{count:,}" if count else "as many",
    ),
    "num_fakes": ("Fakes of CIFAKE's", lambda count: f"{count:,}" if count else "all"),
    "num_elsewhere": ("Parts of photographs from elsewhere", "{:,}".format),
}
_AUGMENTATION: Final[Words] = {
    "shift": ("Moved", "by up to {} pixels".format),
    "corrupted": ("Corrupted in one of these ways", "{:.0%} of the pictures".format),
    "jpeg_quality": ("JPEG", "quality {:g} or better".format),
    "noise_sigma": ("Noise", "sigma up to {:g} of 255".format),
    "blur_sigma": ("Blur", "sigma up to {:g} pixels".format),
    "resize_side": ("Shrunk and enlarged", "to {:g} pixels or more".format),
    "pasted": ("Given a piece of another", "{:.0%} of the pictures".format),
}


def with_weights(names: Sequence[str]) -> list[str]:
    """Networks of these that have weights of their own, as ensembles have not."""
    return [name for name in names if not NETWORKS[name].members]


def show_card(card: NetworkCard, history: Mapping[str, Sequence[float]]) -> None:
    """Network's name, what it is, and all its figures."""
    spec = NETWORKS[card.name]
    st.header(spec.title, divider="gray")
    st.markdown(spec.summary)
    scope_lines.show_networks([card.name])
    show_figures(card, history)


def show_figures(card: NetworkCard, history: Mapping[str, Sequence[float]]) -> None:
    """Network's figures, facts, recipe, learning curves and test results."""
    spec = NETWORKS[card.name]
    title = f"{spec.title} ({card.model_sha256[:8]})"
    _show_accuracies(card)
    _show_facts(card)
    if history:
        st.subheader("Learning curves")
        show_chart(
            "history_figure",
            figures.history_figure(history),
            key=f"history_{card.name}",
            alt=f"Learning curves of the {spec.title}. {_outcome(history)}",
        )
    if card.test is None:
        return
    official = card.test["official"]
    with st.container(horizontal=True):
        with st.container(width=chart_width()):
            _show_reliability(official, title=title)
        if official.objects is not None:
            with st.container(width=chart_width()):
                st.subheader("Naming the object")
                _show_object_confusion(official.objects, title=title)


def _show_accuracies(card: NetworkCard) -> None:
    """Table of accuracies, one line for each set of pictures."""
    measured = {"Held out of training": card.validation}
    if card.test is not None:
        measured["Official test set"] = card.test["official"]
        measured["Leak-free test set"] = card.test["leak_free"]
    names_objects = any(found.objects for found in measured.values())
    rows = []
    for title, found in measured.items():
        row = {
            "Set": title,
            "Pictures": f"{found.n:,}",
            "Accuracy": interval(found.accuracy),
            "Calibration error": f"{found.ece:.3f}",
        }
        if names_objects:
            row["Object rightly named"] = (
                interval(found.objects.accuracy) if found.objects else "not measured"
            )
        rows.append(row)
    st.markdown(table(rows))
    st.caption(
        "In brackets the 95 % interval. The calibration error is how far, on "
        "average, the probability lies from the share that was right, 0 to 1."
    )


def _show_facts(card: NetworkCard) -> None:
    """Network, its recipe and what its training pictures went through."""
    config = dict(card.config)
    augmentation = config.pop("augmentation", {})
    facts = {
        name: getattr(card.training if name in _OF_TRAINING else card, name)
        for name in _FACTS
    }
    known = {name: value for name, value in facts.items() if value is not None}
    tables = {
        "The network": _in_words(known, _FACTS),
        "Recipe": _in_words(config, _RECIPE),
        "Changes to training pictures": _in_words(augmentation, _AUGMENTATION),
    }
    with st.container(horizontal=True):
        for title, rows in tables.items():
            if rows:
                with st.container(width=_TABLE):
                    words = [{title: k, "Value": v} for k, v in rows.items()]
                    st.markdown(table(words))


def _in_words(settings: Json, words: Words) -> dict[str, str]:
    """Settings as people read them; one without words keeps its name."""
    rows = {}
    for name, value in settings.items():
        plain = name.replace("_", " ").capitalize()
        title, written = words.get(name, (plain, "{}".format))
        rows[title] = written(value)
    return rows


def _show_object_confusion(report: ObjectReport, *, title: str) -> None:
    """Confusion matrix of object classes, its figures also in words."""
    right = [
        f"{OBJECT_CLASSES[k]} {row[k]:,} of {sum(row):,}"
        for k, row in enumerate(report.confusion)
    ]
    show_chart(
        "object_confusion_figure",
        figures.object_confusion_figure(report, title=title),
        key=f"objects_{title}",
        alt=f"Object classes as the {title} sees them: {interval(report.accuracy)} "
        f"rightly named. {', '.join(right)}.",
    )
    st.caption(
        "Each row is a kind of object, each column what the network takes it for; "
        "photographs and generated pictures are counted alike."
    )


def _show_reliability(found: Metrics, *, title: str) -> None:
    """Reliability diagram of a network."""
    points = ", ".join(
        f"{each.confidence:.0%} sure, {each.accuracy.value:.0%} right "
        f"({each.n:,} pictures)"
        for each in found.reliability
    )
    st.subheader("Calibration")
    show_chart(
        "reliability_figure",
        figures.reliability_figure(found.reliability, title=title, ece=found.ece),
        key=f"reliability_{title}",
        alt=f"Reliability of the {title} on the official test set: {points}.",
    )
    st.caption(
        "On the dotted line the network is right as often as it is sure. Pictures "
        "of the official test set; below, how many of them stand behind each point."
    )


def _outcome(history: Mapping[str, Sequence[float]]) -> str:
    """Sentence on where the learning curves end."""
    words = [
        f"loss {history['validation_loss'][-1]:.3f}",
        f"accuracy {history['validation_accuracy'][-1]:.1%}",
    ]
    if "object_accuracy" in history:
        words.append(f"object rightly named {history['object_accuracy'][-1]:.1%}")
    epochs = len(history["epoch"])
    return f"After {epochs} epochs, on held-out pictures: {', '.join(words)}."
