"""What administrators alone may ask for: data sets, versions, labels, the detector.

A page that is open is drawn for who it was opened by; a click on it comes before the
page is drawn again. So each is asked for here, where it is looked up who clicks.
"""

from cifake_core.ui.services import caller
from cifake_core.ui.services.bench import bench
from cifake_core.versions.registry import VersionRegistry
from cifake_core.workbench.datasets import DatasetsBench
from cifake_core.workbench.labelling import LabellingBench
from cifake_core.workbench.objects import ObjectsBench


def datasets() -> DatasetsBench:
    """Data sets of one's own.

    Raises:
        NotAllowedError: If who looks may not.
        UnknownCallerError: If nobody has logged in, or not any more.
    """
    caller.expect("administer", what="data sets")
    return bench().datasets


def versions() -> VersionRegistry:
    """Versions of the networks; raises as `datasets`."""
    caller.expect("administer", what="versions of the networks")
    return bench().versions


def labelling() -> LabellingBench:
    """What to label next; raises as `datasets`."""
    caller.expect("administer", what="labels")
    return bench().labelling


def detector() -> ObjectsBench:
    """The detector of objects, to be fetched; raises as `datasets`."""
    caller.expect("administer", what="the detector of objects")
    return bench().objects
