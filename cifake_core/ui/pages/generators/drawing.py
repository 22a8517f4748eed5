"""Pictures of a generator for the page, drawn where they are not shipped."""

from cifake_core.generators.catalogue import GENERATORS
from cifake_core.ui.browse.generators_address import PAGE
from cifake_core.ui.services import generated
from cifake_core.ui.services.generated import Generated
from cifake_core.ui.widgets import components, slow_work


def drawn(name: str) -> Generated | None:
    """Pictures of a generator, with a bar while photographs are passed through it.

    None until they are there; what is missing for them is offered in their place.
    """
    found = slow_work.run(
        f"{PAGE}_drawing",
        name,
        "Passing photographs through the generator",
        lambda tell: generated.pictures(name, progress=tell),
    )
    if found is None and GENERATORS[name].kind == "photograph":
        components.offer_data_set(key=f"{PAGE}_data_{name}")
    return found
