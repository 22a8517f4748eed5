"""The edge to Streamlit's server: what it is told, and what each step saves.

Each was measured on and off, side by side (`benchmarks/browser/README.md` has the
table); what saved less than a fifth went. These stay:

- `warm_start`, the timer: networks that load at once make a first visit of *Analyze*
  1.3 times as long.
- `warm_start`, `gc.freeze`: without it a warm visit of *About* takes 2.8 times as long
  and a move of the threshold of *Test set* 1.6 times.
- `lifespan`, imports: what pages draw with is there before the first visitor. A plain
  lifespan, not measured alone.
- `lifespan`, `PagesManager`: correctness; a page that is opened by its address as the
  first of all would have no menu.
- uvloop, by the requirement `streamlit[performance]`: it sends at once what is written
  to a connection (TCP_NODELAY). asyncio does not, at the socket that Streamlit hands
  over, and each file waits until the browser has confirmed its head: a first visit of
  *Analyze* takes 1.3 times as long.

Under another Streamlit a step may save nothing, or its way may be closed: a test fails
until it was measured again.
"""

from typing import Final

#: The Streamlit with which all of it was measured and checked.
MEASURED_WITH: Final = "1.67.0"
