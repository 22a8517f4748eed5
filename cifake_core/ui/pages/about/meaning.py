"""Meaning of a verdict: what it says, and what it does not."""

from typing import Final

import streamlit as st

_MEANING: Final = """
## What a verdict means

- **FAKE** says that the picture is made like the fakes of the generators that the
  networks learnt from: Stable Diffusion 1.4, which made CIFAKE's, and whatever else
  stands below.
- **No trace of the generators it knows** is what is said where a detector would say
  REAL. It is less than "a photograph": a generator that no network met may leave traces
  that none of them looks for. REAL stays the name of the label, the photographs of
  CIFAKE, for the networks and on the test set.
- A probability of REAL is the network's own. It holds for photographs of CIFAR-10 and
  fakes of the generators that the network knows, 32x32 pixels, saved as JPEG, and for
  no other pictures.
- **UNSURE** means that something speaks against relying on them: the picture lacks
  the marks of how CIFAKE's pictures were saved, as shrunk photographs do; or it
  looks to the networks like nothing they learnt from; or they are not sure,
  disagree, or change their answer after small changes; or the multi-generator CNN
  sees a weak trace where the others see none, or nothing where they say FAKE. What it
  surely finds is FAKE, whatever the others say. Not every picture from
  elsewhere is found out if it was saved just as CIFAKE's were: *Test set* says how
  many are. Such a one gets a verdict, and that can be wrong.

## What it does not mean

- **It is no proof about a picture from elsewhere.** Ordinary photographs are not
  32x32 pixels. When they are shrunk to that size, the verdict of such a network
  follows the way of shrinking, not the picture, and it may be sure of it.
- **It is no proof of a photograph.** Fakes by other generators, later versions and
  retouched pictures can pass: the table below says how many do.
- Some FAKE pictures of the published test set are copies of training pictures, or
  of each other. *Test set* therefore gives the figures without them, too.
- Colour and a lack of it carry part of the task: a correct verdict need not rest on
  what a person would call a trace of AI.
- A heat map shows where a network's evidence lies, not why the picture is what it
  is. It can be misleading, too.
"""


def show() -> None:
    """Meaning of a verdict, in words."""
    st.markdown(_MEANING)
