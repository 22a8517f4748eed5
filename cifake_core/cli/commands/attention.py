"""`attention`: what a network looks at in general, kept beside its weights."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt
from cyclopts import Parameter

from cifake_core.attention import records
from cifake_core.attention.records import Attention
from cifake_core.attention.study import AttentionConfig, study
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import duration, print_json
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.explain.channel_values import stored_means
from cifake_core.networks import NETWORKS, store

_CONFIG: Final = AttentionConfig()


def run(
    network: str,
    /,
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[AttentionConfig, Parameter(parse=False)] = _CONFIG,
) -> None:
    """Say what a network looks at over many pictures; takes minutes.

    A stopped command, given again, goes on where it was.

    Args:
        network: the network to study; an ensemble asks its members.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks.
        config: how many pictures are looked at.
    """
    lookup(NETWORKS, network, kind="network")
    store.revision(network, context.models)
    train, test = read_both(path := cifake.find(data))
    cifake.check_published(
        path,
        cifake.digest(train, test),
        remedy="Shipped studies are of that alone; name the published set with --data.",
    )
    found = _study(network, test, context, config)
    written = records.write(found, context.models / network)
    size = written.stat().st_size
    if json:
        print_json(
            {
                "network": network,
                "n": len(found.positions),
                "cells": len(found.cells),
                "seconds": found.seconds,
                "bytes": size,
                "model_sha256": found.model_sha256,
                "path": str(written),
            }
        )
    else:
        print(
            f"{len(found.positions):,} test pictures in {len(found.cells)} cells, "
            f"{duration(found.seconds)}\n{written} ({size / 1e6:.1f} MB)"
        )


def _study(
    name: str, test: Split, context: Context, config: AttentionConfig
) -> Attention:
    """Return the study of a network, under a bar."""
    network = context.pool.network(name)
    means = {
        part.name: stored_means(part.name, context.models)
        for part in network.parts
        if part.spec.input_kind == "planes"
    }
    try:
        with progress_bar("Looking at the pictures") as progress:
            return study(
                network,
                test,
                means=means,
                decisions=_decisions(context, len(test.labels)),
                config=config,
                progress=progress,
            )
    except KeyboardInterrupt as stop:
        msg = "Stopped. The same command goes on where it was."
        raise KeyboardInterrupt(msg) from stop


def _decisions(context: Context, num_pictures: int) -> npt.NDArray[np.int64] | None:
    """What the product says of each test picture, None if there is no card of it."""
    with suppress(CifakeError):
        numbers = context.workbench.policy_card().numbers()
        return numbers if len(numbers) == num_pictures else None
    return None
