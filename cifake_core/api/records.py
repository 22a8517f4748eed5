"""Records of answers, for the documentation and for programs that check."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from cifake_core.basics.labels import Decision, Label
from cifake_core.cases.records import Opinion, Source
from cifake_core.provenance.records import SignedState, Thumbnail


class Answer(BaseModel):
    """An answer with exactly these keys."""

    model_config = ConfigDict(extra="forbid")


class ScopeOfVerdict(Answer):
    """What a verdict rests on: the generators it knows, and what it finds of others."""

    known: list[str]
    unseen_recall: float
    unseen_recall_ci95: tuple[float, float]
    n_unseen: int


class SignedOrigin(Answer):
    """Signed origin of a file (C2PA): what was signed, by whom, and what has changed.

    `trusted` and `untrusted` say whether the signer is on the list of trusted signers;
    without a list, or where nothing but an address is in the file, it is `unchecked`.
    """

    state: SignedState
    tool: str | None
    signer: str | None
    time: str | None
    digital_source_type: str | None
    changed: list[str]


class GeneratedSign(Answer):
    """A place in a file that says it was generated; anyone can write there."""

    where: str
    quote: str
    tool: str | None


class CameraFacts(Answer):
    """What a file says of being a photograph; the place itself is never told."""

    maker: str | None
    model: str | None
    lens: str | None
    exposure: str | None
    time: str | None
    source_type: str | None
    has_location: bool


class SavedForm(Answer):
    """How a file was saved; the quality is an estimate where the tables are `own`."""

    format: str
    width: int
    height: int
    quality: int | None
    subsampling: str | None
    tables: Literal["standard", "own"] | None
    twice: Literal[True] | None
    thumbnail: Thumbnail


class FileRow(Answer):
    """What the file itself says. It changes no verdict, and its absence is no sign."""

    signed: SignedOrigin
    generated: list[GeneratedSign]
    camera: CameraFacts
    saved: SavedForm
    sha256: str
    pixels_sha256: str
    dhash: str


class VerdictRow(Answer):
    """One network's prediction, and the verdict on the picture with its reasons.

    REAL means no more than no trace of the generators that `knows` and `scope` name.
    `scope` is absent where nothing was measured of generators that no network knows,
    `object_class` where the network names no objects, and `file`, what the file says of
    itself, in the rows of a job.
    """

    path: str
    network: str
    label: Label
    verdict: Decision
    p_fake: float
    p_real: float
    reasons: list[str]
    milliseconds: float
    knows: list[str]
    scope: ScopeOfVerdict | None = None
    object_class: str | None = None
    object_probability: float | None = None
    file: FileRow | None = None


class ErrorRow(Answer):
    """A file that could not be judged, and why."""

    path: str
    error: str


class Judged(Answer):
    """Rows in the order of the files, one for each network asked."""

    results: list[VerdictRow | ErrorRow]


class HistoryPrediction(Answer):
    """One network's prediction as it was then."""

    network: str
    label: Label
    p_fake: float
    p_real: float
    milliseconds: float
    knows: list[str]
    object_class: str | None = None
    object_probability: float | None = None


class HistoryRow(Answer):
    """A verdict as it was given, and what an analyst put beside it.

    `scope` are the two sentences that went with the verdict; `finding` is an analyst's,
    null until there is one; `binned` is the moment since which it lies in the bin.
    `file` is what the file said of itself, null where it was not asked.
    """

    id: int
    time: datetime
    source: Source
    path: str
    bytes_sha256: str
    pixels_sha256: str
    perceptual_hash: str
    verdict: Decision
    headline: str
    reasons: list[str]
    scope: tuple[str, str]
    predictions: list[HistoryPrediction]
    file: FileRow | None
    weights: dict[str, str]
    policy_sha256: str
    program: str
    finding: Opinion | None
    finding_reason: str | None
    finding_time: datetime | None
    note: str
    tags: list[str]
    cases: list[str]
    binned: datetime | None


class HistoryList(Answer):
    """Records, the newest first, and how many match in all."""

    on: bool
    total: int
    at_least: bool
    records: list[HistoryRow]
    following: str | None = None


class JobId(Answer):
    """A job that was queued, by its id."""

    id: str


class JobStatus(Answer):
    """A job as it stands; of `total` items `done` are done, with `errors` among them.

    `total` grows until all are listed. `sentence` says why a job failed, and is absent
    otherwise.
    """

    id: str
    state: Literal["queued", "running", "paused", "done", "failed", "cancelled"]
    done: int
    total: int
    errors: int
    sentence: str | None = None


class TrustFigures(Answer):
    """Areas of the deletion and insertion curves in units of the logit, and a word."""

    deletion_auc: float
    random_deletion_auc: float
    insertion_auc: float
    random_insertion_auc: float
    trust_score: float
    trust_spread: float
    trust_beaten: float
    trust: Literal["faithful", "weak", "no better than chance"]


class HeatMapFacts(TrustFigures):
    """Facts of a heat map, and how far it can be trusted."""

    network: str
    method: str
    label: Label
    seed: int
    settings: dict[str, float | str]
    heatmap_sha256: str
    replacements: dict[str, TrustFigures]
    seconds: float
    knows: list[str]


class NetworkFacts(Answer):
    """A trained network: what it looks at, what it knows, which weights it has."""

    name: str
    title: str
    summary: str
    knows: list[str]
    model_sha256: str


class MethodFacts(Answer):
    """A way to explain: what its map shows."""

    name: str
    title: str
    shows: str
    signed: bool


class Networks(Answer):
    """The version in use, its networks, and the methods that explain them."""

    version: int
    networks: list[NetworkFacts]
    methods: list[MethodFacts]


class Health(Answer):
    """That the server answers, its program, and the version of networks in use.

    `trouble` is a sentence where another version answers than the one in use.
    """

    status: Literal["ok"]
    program: str
    version: int
    trouble: str
