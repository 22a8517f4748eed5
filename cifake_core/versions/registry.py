"""Model registry: numbered versions of all our networks, of which one is in use."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.errors import VersionError
from cifake_core.basics.files import scratch_folder
from cifake_core.basics.places import database_exists
from cifake_core.networks import store
from cifake_core.versions import trees
from cifake_core.versions.promotion import (
    check_promotion,
    check_removal,
    check_rollback,
    judged,
)
from cifake_core.versions.records import SHIPPED, Current, Version, shipped_version

if TYPE_CHECKING:
    from cifake_core.versions.rows import Rows

#: Who puts the gate's word down.
_GATE: Final = "gate"


class VersionRegistry:
    """Versions of the networks in the folder `shipped`, which is version 1.

    The others lie in the user's data folder, each a whole tree of models. Which one is
    in use stands in the user's database, so to promote is one transaction: whole or
    not at all. As long as nothing was taught, nothing is on disk.

    Every method raises `DatabaseUnavailableError` if the database cannot be used.
    Promotion, rollback and removal are noted in the audit, where there are accounts.

    Args:
        user_data: the user's folder for data sets and versions.
        shipped: the folder of models that the door names; never written to.
    """

    def __init__(self, user_data: Path, shipped: Path) -> None:
        self.shipped = shipped
        self.user_data = user_data
        self._root = trees.root_of(shipped)

    def listing(self) -> tuple[Version, ...]:
        """Every version, by number."""
        with self._reading() as rows:
            return (rows and rows.all()) or (self._first(),)

    def get(self, number: int) -> Version:
        """One version.

        Raises:
            VersionError: If there is none of that number.
        """
        return _known(self.listing(), number)

    def current(self) -> Current:
        """Version that answers: the one in use, or the shipped one if its tree is gone.

        Asked on every run of a page: one query by an index, where there is a database.
        """
        with self._reading() as rows:
            number = rows.in_use() if rows else SHIPPED
        folder = self._tree(number)
        if number == SHIPPED or folder.is_dir():
            return Current(number=number, models=folder)
        trouble = (
            f"Version {number} is in use, but its folder {folder} is gone, so version "
            f"{SHIPPED}, the shipped one, answers. Put the folder back, or go back "
            "with `versions rollback`."
        )
        return Current(number=SHIPPED, models=self.shipped, trouble=trouble)

    def in_use(self) -> Version:
        """The version that answers, as `current`."""
        return self.get(self.current().number)

    def models(self) -> Path:
        """Folder of the models that answer, as `current`."""
        return self.current().models

    def folder(self, number: int) -> Path:
        """Folder of a version's models.

        Raises:
            VersionError: If there is no such version, or its tree is gone.
        """
        folder = self._tree(self.get(number).number)
        if number != SHIPPED and not folder.is_dir():
            msg = f"The folder {folder} of version {number} is gone. Put it back."
            raise VersionError(msg)
        return folder

    @contextmanager
    def tree(self, parent: int) -> Iterator[Path]:
        """New tree with a version's files, to be changed and given to `add`.

        Files are replaced by renaming, never changed in place: they are links. What is
        not added is deleted.

        Raises:
            VersionError: If there is no such version, or its tree is gone.
            OSError: If the tree cannot be written.
        """
        source = self.folder(parent)
        place = trees.home(self.user_data, self._root)
        place.mkdir(parents=True, exist_ok=True)
        with scratch_folder(place / "tree") as scratch:
            trees.link_tree(source, scratch)
            yield scratch

    def add(  # noqa: PLR0913 - the fields of a version, by keyword
        self,
        tree: Path,
        *,
        network: str,
        parent: int,
        recipe: Mapping[str, Any],
        datasets: Mapping[str, str],
        metrics: Mapping[str, Any],
        who: str,
        why: str,
    ) -> Version:
        """Keep a tree from `tree` as a candidate, and move it into its place.

        Args:
            tree: from the method of that name, changed.
            network: that was taught.
            parent: the version that the tree was made from.
            recipe: settings of the teaching, JSON.
            datasets: digest of each data set that was taught, by name.
            metrics: what training came to on validation, JSON.
            who: teaches.
            why: it was taught.

        Raises:
            VersionError: If the tree is not whole.
            ModelUnavailableError: If it has no card of the network.
        """
        self._check(tree, "The new version")
        sha256 = store.load_card(tree / network).model_sha256
        now = datetime.now(UTC)
        with self._writing() as rows:
            known = [each.number for each in rows.all()]
            version = Version(
                number=rows.next_number(),
                network=network,
                parent=_known(rows.all(), parent).number,
                model_sha256=sha256,
                recipe=recipe,
                datasets=datasets,
                metrics=metrics,
                gate=None,
                state="candidate",
                created=now,
                changed=now,
                who=who,
                why=why,
            )
            rows.add(version)
            place = self._tree(version.number)
            trees.sweep(place.parent, numbers=known)
            tree.rename(place)
        return version

    def record_gate(self, number: int, report: Mapping[str, Any]) -> Version:
        """Keep the gate's report on a version; a candidate that fails is refused.

        A former version stays one, as there must be a way back to it.

        Args:
            number: of the version.
            report: `against`, `passed` and `checks`, each with `name` and `passed`.

        Raises:
            VersionError: If there is no such version, or it is in use.
        """
        with self._writing() as rows:
            version = replace(_known(rows.all(), number), gate=report)
            state, why = judged(version)
            rows.set_gate(number, report)
            if state != version.state:
                now = datetime.now(UTC)
                rows.set_state(number, state, who=_GATE, why=why, at=now)
        return self.get(number)

    def promote(self, number: int, *, why: str, by: Who) -> Version:
        """Put a version to use, whole or not at all; the one in use becomes a former.

        Raises:
            VersionError: If `check_promotion` objects, or its tree is not whole.
        """
        with self._writing() as rows:
            version, last = _known(rows.all(), number), rows.in_use()
            check_promotion(version, last, why=why)
            self._put_to_use(rows, version, who=by.name, why=why.strip())
        self._note("version.promote", version, by, f"{last} -> {number}")
        return self.get(number)

    def rollback(self, network: str, *, why: str, by: Who) -> Version:
        """Put the version to use from which the one in use was taught; return it.

        Raises:
            VersionError: If the one in use did not teach `network`, or the other was
                removed or is not whole.
        """
        with self._writing() as rows:
            last = _known(rows.all(), rows.in_use())
            parent = _known(rows.all(), check_rollback(last, network))
            why = why.strip() or f"back from version {last.number}"
            self._put_to_use(rows, parent, who=by.name, why=why)
        self._note("version.rollback", last, by, f"{last.number} -> {parent.number}")
        return self.get(parent.number)

    def remove(self, number: int, *, by: Who) -> None:
        """Forget a version and delete its tree.

        Raises:
            VersionError: If `check_removal` objects.
        """
        with self._writing() as rows:
            in_use = _known(rows.all(), rows.in_use())
            version = _known(rows.all(), number)
            check_removal(version, in_use)
            rows.remove(number)
        self._note("version.remove", version, by, "done")
        trees.delete(self._tree(number))  # after that: a tree of no version is swept

    def _put_to_use(
        self, rows: "Rows", version: Version, *, who: str, why: str
    ) -> None:
        """Let a version be in use, once its networks are what their cards vouch for."""
        self._check(self._tree(version.number), f"Version {version.number}")
        rows.put_to_use(version.number, who=who, why=why, at=datetime.now(UTC))

    def _note(self, action: str, version: Version, by: Who, result: str) -> None:
        """Note in the audit what was done to a version."""
        subject = f"{version.network}, version {version.number}"
        note_act(self.user_data, by, action=action, subject=subject, result=result)

    def _check(self, tree: Path, what: str) -> None:
        """Check that a tree is whole."""
        try:
            trees.check(tree, expected=store.available(self.shipped))
        except VersionError as error:
            msg = f"{what} is not whole: {error}. Put it back, or teach again."
            raise VersionError(msg) from error

    def _first(self) -> Version:
        """The shipped version, as long as it is not noted in the database."""
        made = self.shipped.stat().st_mtime if self.shipped.exists() else 0
        return shipped_version(datetime.fromtimestamp(made, UTC))

    def _tree(self, number: int) -> Path:
        """Folder of a version's models, whether it is there or not."""
        if number == SHIPPED:
            return self.shipped
        return trees.home(self.user_data, self._root) / str(number)

    @contextmanager
    def _reading(self) -> Iterator["Rows | None"]:
        """Rows as they are now, or None as long as there is no database."""
        if not database_exists(self.user_data):
            yield None
            return
        from cifake_core.basics import database  # noqa: PLC0415 - SQLAlchemy is slow
        from cifake_core.versions.rows import Rows  # noqa: PLC0415

        with database.reading(self.user_data) as session:
            yield Rows(session, self._root)

    @contextmanager
    def _writing(self) -> Iterator["Rows"]:
        """Rows in one transaction that nobody else writes beside."""
        from cifake_core.basics import database  # noqa: PLC0415 - SQLAlchemy is slow
        from cifake_core.versions.rows import Rows  # noqa: PLC0415

        with database.writing(self.user_data) as session:
            rows = Rows(session, self._root)
            rows.begin(self._first())
            yield rows


def _known(versions: Sequence[Version], number: int) -> Version:
    """Version of that number."""
    for version in versions:
        if version.number == number:
            return version
    msg = f"There is no version {number}. `versions list` names those there are."
    raise VersionError(msg)
