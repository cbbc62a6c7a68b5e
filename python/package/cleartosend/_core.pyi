from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from os import PathLike
from typing import Any, Dict, Final, Literal, NoReturn, Optional, Sequence, Tuple, Union, final

from .campaign import CampaignDocument
from .differences import Difference
from .errors import Problem
from .evidence import Contradiction, LogLine, Replayed
from .explanation import ChecklistEntry, Fix, Missing, Timeline
from .findings import FindingError, FindingTexts, FindingWaiver, JudgedRule
from .screening import ArrowArray, ArrowStream, BadValue, Basis, CountryCount, Help, MissingCount, RuleCount, VerdictCounts
from .testing import Tested
from .words import Exposure, FindingVerdict, Listing, Scope, Status, Topic, Verdict

__version__: Final[str]

_Json = Union[str, bytes, bytearray, memoryview]
_Campaign = Union[CampaignDocument, Mapping[str, object], _Json]
_Instant = Union[datetime, str]
_Path = Union[str, PathLike[str]]
_Lang = Literal["en", "es", "pt"]
_SummaryTable = Literal["rules", "verdicts", "missing", "countries", "bad_values", "changes", "hours"]
_Table = Union[ArrowArray, ArrowStream]
_Audience = Union[_Table, Iterable[_Table], _Path]
_Value = Union[bool, int, float, str, datetime, timedelta, Tuple[_Value, ...]]

@final
class Engine:
    """Packs, a directory and all that is bundled, ready to judge campaigns. It never changes, and any number of threads may use it."""

    def __new__(
        cls,
        packs: Optional[Iterable[Union[Pack, _Path]]] = None,
        directory: Optional[Union[Directory, bytes, _Path]] = None,
        *,
        built_in: bool = True,
        base: Optional[_Campaign] = None,
        waivers: Optional[str] = None,
    ) -> Engine:
        """An engine of the built-in pack `whatsapp` and the built-in sample directory, or with what is named.

        `packs` are stacked on the built-in pack `whatsapp`, each on top of the one before: a built-in pack's name, a folder, or a `Pack`; one
        that is itself called `whatsapp` takes its place, and with `built_in=False` there are these packs alone. A text is a folder if there is
        one of that name or if it has a `/` or a dot. `directory` is a path, the bytes of a directory file, or a `Directory`. `waivers` are
        exceptions to rules: the text of a file in the form of a pack's `waivers.toml`.

        `base` is what is the same for all campaigns of a sender, such as its `account`, `provider` and `access`: JSON as text or bytes, or a
        mapping, without a recipient. A campaign's own members win, member by member, and decisions are about what is known after merging. Raises
        `FactsError` for it.
        """
    def check(
        self,
        campaign: _Campaign,
        *,
        recipient: Optional[object] = None,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
        every_rule: bool = False,
    ) -> Decision:
        """Judges a campaign: JSON as text or bytes, or a mapping whose values are what JSON has, aware datetimes, tuples or enum members.

        `recipient` is the recipient of a campaign that names none: its members, or a row of a frame, whose columns are called as for `screen`.
        `at` is another instant of sending than the campaign's own. What `account` knows of the account, the template and the recipient is
        taken from it. With `every_rule` the decision also lists the rules that are satisfied or do not apply.

        Raises `FactsError` for whatever is not exactly as the schema says. Nothing is guessed and nothing is skipped.
        """
    def judge(
        self,
        campaign: _Campaign,
        *,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
    ) -> Judgement:
        """Judges a campaign as `check` does, and gives the verdict and the rules behind it alone: no text and no digest is made, which takes most
        of the time of a check.

        `at` and `account` are as for `check`.
        """
    def explain(
        self,
        campaign: _Campaign,
        *,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
        until: Optional[_Instant] = None,
        fixes_max: int = 8,
        timeline: bool = True,
    ) -> Explanation:
        """Explains a campaign: the decision, a checklist of all rules, the smallest sets of changes that make the verdict better, the verdict at
        later instants, and what to supply first. Every claim was checked by judging the case again.

        `at` and `account` are as for `check`. There are at most `fixes_max` fixes. The timeline ends before `until`, at most 400 days after the
        instant of sending; without it, 30 days after. With `timeline=False` there is none, and no fix by sending later, in a fraction of the
        time. The interpreter's lock is released while it works.

        Raises `FactsError` for the campaign and `ExplainError` for the rest.
        """
    def diff(self, new: Engine, *, old_at: Optional[_Instant] = None, new_at: Optional[_Instant] = None) -> Difference:
        """Which rules change from this engine to another, each with a campaign of which the two say different things: a `Difference` of
        `cleartosend.differences`, as `cts diff` has it.

        With `old_at` and `new_at` each side is asked as of its own instant: `engine.diff(engine, old_at=…, new_at=…)` tells what changes between
        two dates. Waivers are left out. The interpreter's lock is released while it works. Raises `EngineError` for engines whose packs declare
        attributes of their own that do not agree.
        """
    def record(
        self,
        campaign: _Campaign,
        *,
        recipient: Optional[object] = None,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
        explain: bool = False,
        mask: Optional[Mask] = None,
    ) -> Record:
        """Judges a campaign, and makes a record of it: the facts after merging, the decision, and the digests of all that it rests on, as one
        document that others can verify and judge again.

        `recipient`, `at` and `account` are as for `check`. With `explain` the record has the explanation too, as `cts explain --record` keeps
        it. With `mask` keyed hashes stand in place of the recipient's number and user id, everywhere in the record. `Record.append` stores it.

        Raises `FactsError` for the campaign, and `RecordError` for a masked record that would still hold the number, or that a rule would judge
        otherwise.
        """
    def replay(self, record: Record, *, files: Optional[_Path] = None) -> Replayed:
        """Judges the facts of a record again by this engine's packs and directory: a `Replayed` of `cleartosend.evidence`, which says whether the
        same came out, or what changed and by which inputs.

        The rows of a screening are judged again too where `files` names the folder with its audience, whose digest is checked, as
        `cts replay --files` does.

        Raises `RecordError` for facts that this engine cannot read, and for an audience that is not there or cannot be read.
        """
    def check_many(
        self,
        campaigns: Iterable[_Campaign],
        *,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
        every_rule: bool = False,
    ) -> list[Decision]:
        """Judges campaigns in order, as `check` does each.

        The interpreter's lock is released while rules are evaluated. The first campaign that is refused ends it; the error's `at` begins
        with its place, such as `[17].account.quality`.
        """
    def screen(
        self,
        campaign: _Campaign,
        audience: _Audience,
        *,
        keep: Optional[Sequence[str]] = None,
        ignore: Optional[Sequence[str]] = None,
        names: Optional[Mapping[str, str]] = None,
        time_zone: Optional[str] = None,
        rank: bool = False,
        by_status: bool = False,
        verdict_only: bool = False,
        threads: int = 1,
        at: Optional[_Instant] = None,
        account: Optional[Account] = None,
        help: Optional[int] = None,
        fix_column: bool = False,
        record: bool = False,
    ) -> Screening:
        """Judges a campaign for every row of an audience, each as `check` would judge it. Nothing is judged before rows or the summary are asked for.

        `audience` is a table (polars, pyarrow, pandas, DuckDB: whatever has `__arrow_c_stream__` or `__arrow_c_array__`), an iterator over tables
        with the same columns, or the path of a Parquet, CSV, NDJSON or Arrow file. Columns are named by the attribute that they hold, or as
        `names` says: `{column: attribute}`. What is not an attribute must be among `keep`, and is then repeated in the result, or `ignore`.

        Timestamps without a time zone are refused, and dates; `time_zone` says that such timestamps are what clocks of that zone showed.

        With `rank` the result has a column of that name too: 0 for allow, 1 for review, 2 for deny. With `by_status` it has `violated` and
        `undetermined` in place of `rules`. With `verdict_only` it has neither them nor `missing`, at the speed of verdicts alone, and the
        summary counts verdicts and nothing else.

        `threads` work on it, 0 for one a processor; with 1 no thread is started. `at` and `account` are as for `check`: each row gets what the
        account knows of its recipient.

        `help` counts what would help most: how many more rows would be allowed with each single change of the campaign or the sender, and if
        the message went out at each of so many hours that come, from 0 (changes alone) to 336. Each batch is judged once more for each of them;
        `summary.help` has what was found. `fix_column` adds a column `fix`: who can clear the row by one change of the least effort (`campaign`,
        `sender` or `time`, or `audience`, to leave it out), null where it is allowed.

        With `record`, `Screening.record` makes a record of it: the audience is a file then, whose digest is taken before it is read.

        Raises `ScreenError` for columns that are not as declared, and `FactsError` for the campaign, before any row is judged.
        """
    def provider(
        self,
        name: Optional[str] = None,
        *,
        domain: Optional[str] = None,
        id: Optional[str] = None,
        at: Optional[_Instant] = None,
    ) -> Provider:
        """What the engine's directory says about a provider, and which providers it imitates. See `Directory.lookup`."""
    def project(self, history: Union[Account, _Campaign], violation: str, *, at: _Instant) -> dict[str, Any]:
        """What a violation of that kind would bring at that instant, by the enforcement ladder in force then and the account's own history.

        The result has the members of `cts account project --json`. Raises `AccountError` for a violation kind that does not exist.
        """
    def eval(self, expression: str, campaign: _Campaign, *, at: Optional[_Instant] = None) -> _Value:
        """The value of an expression of the rule language over a campaign's facts and what follows from them.

        Raises `ExpressionError` if it does not parse or check, or has no value: `python/undetermined` names the missing facts.
        """
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of campaign documents, with the members that the packs declare."""
    @property
    def packs(self) -> Tuple[Pack, ...]:
        """The packs, in stacking order."""
    @property
    def directory(self) -> Directory:
        """The directory of providers."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Decision:
    """Whether a campaign is clear to send, and why. Printed, it is a paper for people; two are equal if their digests are."""

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings; `ALLOW` where there is none."""
    @property
    def allowed(self) -> bool:
        """Whether the verdict is `ALLOW`. A decision itself has no truth value."""
    @property
    def findings(self) -> Tuple[Finding, ...]:
        """What stands against sending: deny before review, violated before undetermined, then by pack and rule."""
    @property
    def missing(self) -> Tuple[str, ...]:
        """The facts that are missing for findings, by path."""
    @property
    def exposure(self) -> Tuple[Exposure, ...]:
        """What the violations can lead to, from mild to grave."""
    @property
    def send_at(self) -> datetime:
        """The instant that the decision is about, in UTC, to the microsecond."""
    @property
    def scope(self) -> Scope:
        """Whether a recipient was judged too."""
    @property
    def packs(self) -> Tuple[PackStamp, ...]:
        """The packs that it rests on, in stacking order."""
    @property
    def directory(self) -> DirectoryStamp:
        """The directory that it rests on."""
    @property
    def engine(self) -> str:
        """The version of the engine."""
    @property
    def digest(self) -> str:
        """A digest over the facts, the bundled data's versions and all of the decision: `sha256:` and 64 hexadecimal digits."""
    def to_json(self) -> str:
        """The decision document: one line, the same bytes through every binding."""
    def to_dict(self) -> dict[str, Any]:
        """The decision document as the standard library reads it."""
    def text(self, lang: _Lang = "en") -> str:
        """The decision for people, as `str` gives it, in a language: `en`, `es` or `pt`.

        The document, codes and digest do not depend on it. Texts of rules that their pack does not have in a language are in English.
        """
    def html(self, lang: _Lang = "en") -> str:
        """The decision as a table, a part of a page, in a language: `en`, `es` or `pt`."""
    def _repr_html_(self) -> str:
        """The decision as on the page of `to_html`, for notebooks."""
    def to_html(self, *, lang: _Lang = "en") -> str:
        """The decision as a page for people, one file of HTML that asks for nothing else, as `cts report` writes it, in a language: `en`, `es` or
        `pt`."""
    def __bool__(self) -> NoReturn:
        """Raises: ask `allowed`, or compare `verdict`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Decision: ...
    def __deepcopy__(self, _memo: object) -> Decision: ...

@final
class Record:
    """A decision with all that it rests on, as one document: the facts after merging, the decision, the explanation if it was asked for, and
    the digests of packs, directory and bundled data. Two are equal if their documents are.
    """

    @staticmethod
    def from_json(document: _Json) -> Record:
        """Reads a record from its JSON, as text or bytes: that it is one, and not what it says, which `verify` checks.

        Raises `RecordError` for anything else.
        """
    def to_json(self) -> str:
        """The record as one line of JSON, as `cts check --record` writes it."""
    def to_dict(self) -> dict[str, Any]:
        """The same as the standard library reads it."""
    @property
    def digest(self) -> str:
        """The digest that the record gives itself: `sha256:` and 64 hexadecimal digits."""
    @property
    def verdict(self) -> Verdict:
        """The verdict of its decision. Raises `RecordError` where that is none."""
    @property
    def send_at(self) -> datetime:
        """The instant that its decision is about, in UTC, to the microsecond. Raises `RecordError` where that is none."""
    @property
    def is_screening(self) -> bool:
        """Whether it is about the screening of an audience."""
    @property
    def mask_key(self) -> Optional[str]:
        """The name of the key that its recipient is hidden by; `None` where nothing is hidden."""
    def verify(self) -> Tuple[Contradiction, ...]:
        """What it contradicts itself in, such as a digest that does not fit; nothing of a record that is as it was made. Whoever changes a record
        can recompute its digests: only a seal (`cts records seal`) or a digest that was kept elsewhere shows that.
        """
    def append(self, log: _Path) -> int:
        """Appends it to a log, a file of a record a line that is made where there is none, and comes back when it is stored. Processes and threads
        that append to one log wait for each other.

        Gives the bytes of a line without an end that were taken away: a record that a crash cut off; mostly 0. Raises `OSError` where it could
        not be stored, or where the file is no log.
        """
    def is_about(self, name: str, *, mask: Optional[Mask] = None) -> bool:
        """Whether its recipient has that number in E.164, or that user id: by itself, or where the record is masked, by the keyed hash of it."""
    def to_html(self, *, lang: _Lang = "en") -> str:
        """The record as a page for people, one file of HTML that asks for nothing else, in a language: `en`, `es` or `pt`. What rules say stands as
        the record has it."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Record: ...
    def __deepcopy__(self, _memo: object) -> Record: ...

@final
class Mask:
    """A key that hides who recipients are: in records, keyed hashes stand in place of their numbers and user ids. It shows nothing of itself but
    its name.
    """

    def __new__(cls, key: bytes) -> Mask:
        """A mask by the bytes of a key, wherever these are kept: 16 at least.

        Raises `RecordError` for a key of fewer bytes, which can be guessed.
        """
    @staticmethod
    def load(path: _Path) -> Mask:
        """Reads a key file, as `cts key mask` makes it.

        Raises `RecordError` for any other file, and `OSError` for what cannot be read.
        """
    @property
    def name(self) -> str:
        """What distinguishes this key from others, and nothing more about it; masked records have it."""

@final
class Log(Iterator[LogLine]):
    """The records of a log, one line after the other."""

    def __new__(cls, path: _Path) -> Log:
        """Opens a log: a file of a record a line, as `Record.append` and `cts check --record` write it.

        Raises `OSError` for what cannot be read.
        """
    def __iter__(self) -> Log: ...
    def __next__(self) -> LogLine:
        """A `LogLine` of `cleartosend.evidence`: a record with its line, or what that line has instead of one. Seals are passed over."""

def report(documents: Sequence[Tuple[str, str]], lang: str, form: str, mask: Optional[Mask]) -> str:
    """One page of any number of documents: see `cleartosend.evidence.report`."""

@final
class Judgement:
    """The verdict on a campaign and the rules behind it, without texts: what a check finds, in a fraction of its time."""

    @property
    def verdict(self) -> Verdict:
        """The verdict, as `check` gives it."""
    @property
    def allowed(self) -> bool:
        """Whether the verdict is `ALLOW`. A judgement itself has no truth value."""
    @property
    def rules(self) -> Tuple[JudgedRule, ...]:
        """The rules that are violated or undetermined: those of a decision's findings, in their order."""
    def __bool__(self) -> NoReturn:
        """Raises: ask `allowed`, or compare `verdict`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __copy__(self) -> Judgement: ...
    def __deepcopy__(self, _memo: object) -> Judgement: ...

@final
class Explanation:
    """Why a campaign is or is not clear to send, and what would help. Printed, it is a page for people; two are equal if their documents are."""

    @property
    def decision(self) -> Decision:
        """The decision, as `check` gives it."""
    @property
    def checklist(self) -> Tuple[ChecklistEntry, ...]:
        """Every rule in scope: by topic; of one topic violated, undetermined, satisfied, not applicable; then by pack and rule."""
    @property
    def fixes(self) -> Tuple[Fix, ...]:
        """The smallest sets of changes that lead to `ALLOW`; where none does and the verdict is `DENY`, those that lead to `REVIEW`. By number of
        changes, then by effort, then by path."""
    @property
    def more_fixes(self) -> bool:
        """Whether there are, or may be, more fixes than these."""
    @property
    def timeline(self) -> Optional[Timeline]:
        """The verdict at later instants; `None` where it was not asked for."""
    @property
    def clear_from(self) -> Optional[datetime]:
        """The first instant, from `send_at` on, at which everything else as given is clear to send; `None` where there is none in the timeline."""
    @property
    def clear_until(self) -> Optional[datetime]:
        """The first instant after `clear_from` at which it no longer is; `None` where it is clear as far as the timeline reaches."""
    @property
    def missing(self) -> Tuple[Missing, ...]:
        """The members to supply, the one that settles most first."""
    def to_json(self) -> str:
        """The explanation as one line of JSON, as `cts explain --json` prints it."""
    def to_dict(self) -> dict[str, Any]:
        """The same as the standard library reads it."""
    def text(self, lang: _Lang = "en") -> str:
        """The explanation for people, as `str` gives it and `cts explain` writes it, in a language: `en`, `es` or `pt`."""
    def html(self, lang: _Lang = "en") -> str:
        """The explanation as HTML, a part of a page, in a language: `en`, `es` or `pt`."""
    def _repr_html_(self) -> str:
        """The explanation as on the page of `to_html`, for notebooks."""
    def to_html(self, *, lang: _Lang = "en") -> str:
        """The explanation as a page for people, one file of HTML that asks for nothing else, as `cts report` writes it, in a language: `en`, `es`
        or `pt`."""
    def __bool__(self) -> NoReturn:
        """Raises: ask `decision.allowed`, or compare `decision.verdict`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Explanation: ...
    def __deepcopy__(self, _memo: object) -> Explanation: ...

@final
class Screening:
    """A campaign judged against an audience, whose rows can be taken once."""

    @property
    def summary(self) -> Summary:
        """What was found of the whole audience.

        Rows that were not judged yet are judged now, and kept for whoever takes them: some twenty bytes a row, and the columns kept. Where
        that is too much, take the rows first, or write them to a file.
        """
    @property
    def rows(self) -> int:
        """How many rows were judged so far."""
    @property
    def column_names(self) -> list[str]:
        """The names of the columns of the result: those kept, then `verdict`, `rules` and `missing`, and `fix` if it was asked for; of verdicts
        alone no `rules` and `missing`.
        """
    def write(self, path: _Path) -> Summary:
        """Writes the rows to a file, in the format that its name shows: `.parquet`, `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.arrow`, `.ipc`,
        `.feather`, `.arrows`. Gives the summary.

        The file appears when it is complete; an error leaves what was there before. Raises `ScreenError` if the rows were taken before, or if
        it is the file of the audience.
        """
    def record(self, *, mask: Optional[Mask] = None) -> Record:
        """A record of the screening: the campaign's facts and decision, the columns of the audience, the summary, and the digests of the
        audience's file and of the file that `write` wrote, if it did. `mask` is as for `Engine.record`.

        Rows that were not judged yet are judged now, as for `summary`. Raises `RecordError` where it was not begun with
        `screen(…, record=True)`, and where the audience's file was changed meanwhile.
        """
    def report(self, *, lang: _Lang = "en") -> str:
        """What was found, as a page for people: one file of HTML that asks for nothing else, as `cts report` writes it, in a language: `en`, `es`
        or `pt`. Rows are judged as for `summary`."""
    def __arrow_c_schema__(self) -> object:
        """The columns of the result, as Arrow's capsule; may be asked for at any time."""
    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """The rows, as Arrow's capsule of a stream: rows are judged as they are pulled. Comes as it is, whatever schema is requested.

        Raises `ScreenError` if the rows were taken before.
        """
    def __iter__(self) -> Batches:
        """The rows in batches. Raises `ScreenError` if the rows were taken before."""
    def to_arrow(self) -> Any:
        """The rows as a table of pyarrow, which has to be installed."""
    def to_polars(self) -> Any:
        """The rows as a frame of polars, which has to be installed. The verdict is an `Enum`, in the order of verdicts."""
    def to_pandas(self) -> Any:
        """The rows as a frame of pandas, which has to be installed, and pyarrow. The verdict is an ordered category."""
    def __array__(self, *_arguments: object, **_named: object) -> NoReturn:
        """Raises: `pandas.DataFrame(screening)` asks this, and would make a frame of batches."""
    def __bool__(self) -> NoReturn:
        """Raises: ask the summary."""

@final
class Batches(Iterator[Batch]):
    """The batches of a screening, one after the other."""

    def __iter__(self) -> Batches: ...
    def __next__(self) -> Batch: ...

@final
class Batch:
    """Some rows of a screening's result, for anything that takes `__arrow_c_array__`: `polars.DataFrame(batch)`, `pyarrow.record_batch(batch)`."""

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
    def __arrow_c_schema__(self) -> object:
        """Its columns, as Arrow's capsule."""
    def __arrow_c_array__(self, requested_schema: Optional[object] = None) -> Tuple[object, object]:
        """It, as Arrow's capsules, without a copy and as often as asked for. Comes as it is, whatever schema is requested."""
    def __len__(self) -> int: ...

@final
class Summary:
    """What was found of a whole audience. Printed, it is a page for people; two are equal if all they say is."""

    @property
    def rows(self) -> int:
        """Rows judged."""
    @property
    def audience_size(self) -> Optional[int]:
        """Recipients that the campaign gives, `campaign.audience_size`; `None` where that is not given, and of replies. Where more rows are
        not denied, `worst` is at least `REVIEW`.
        """
    @property
    def audience_outside_window(self) -> Optional[int]:
        """Recipients that the campaign itself says to be without an open customer-service window, `campaign.audience_outside_window`; `None` where
        that is not given, and of replies. Where `rows_outside_window` is more, `worst` is at least `REVIEW`.
        """
    @property
    def rows_outside_window(self) -> Optional[int]:
        """Rows that are not denied and are known to have no open window; `None` where the campaign does not say how many there are."""
    @property
    def verdicts(self) -> VerdictCounts:
        """Rows by verdict: a tuple of `allow`, `review` and `deny`."""
    @property
    def worst(self) -> Verdict:
        """The worst verdict of any row; `ALLOW` where there is no row. The verdict on the campaign by itself is that of a check."""
    @property
    def rules(self) -> Tuple[RuleCount, ...]:
        """Rules that some row has a finding of, and how many rows do: deny before review, violated before undetermined, then by pack and rule.

        Raises `ScreenError` (`python/verdict-only`) where verdicts were all that was asked: nothing of that was counted. So do `missing`,
        `countries`, `bad_rows` and `bad_values`.
        """
    @property
    def missing(self) -> Tuple[MissingCount, ...]:
        """Members that some row misses, by path."""
    @property
    def countries(self) -> Tuple[CountryCount, ...]:
        """Where recipients are, the most frequent country first; empty where no column gives one."""
    @property
    def bad_rows(self) -> int:
        """Rows with a value that could not be read."""
    @property
    def bad_values(self) -> Tuple[BadValue, ...]:
        """The first hundred of these values, in row order."""
    @property
    def help(self) -> Optional[Help]:
        """What would help most; `None` where `screen(help=…)` did not ask for it."""
    @property
    def basis(self) -> Basis:
        """What it rests on: the digests of campaign, packs, waivers, directory and bundled data, and the version of the engine. Summaries of
        one basis can be merged.
        """
    @property
    def is_verdict_only(self) -> bool:
        """Whether only verdicts were counted, as `screen(verdict_only=True)` asks."""
    @staticmethod
    def merge(summaries: Iterable[Summary]) -> Summary:
        """One summary of several, as if their audiences had been one: in the order of their rows, by which rows with bad values are numbered.

        Raises `ScreenError` where they are of different campaigns, packs, waivers, directories or engines (`screen/other-basis`), and where
        there is none (`python/no-summary`).
        """
    @staticmethod
    def from_json(document: _Json) -> Summary:
        """Reads a summary from what `to_json` wrote, as text or bytes.

        Raises `ScreenError` for anything else.
        """
    def to_json(self) -> str:
        """The summary as one line of JSON, as `cts screen --json` prints it."""
    def to_dict(self) -> dict[str, Any]:
        """The same as the standard library reads it."""
    def text(self, lang: _Lang = "en") -> str:
        """The summary for people, as `str` gives it, in a language: `en`, `es` or `pt`."""
    def html(self, lang: _Lang = "en") -> str:
        """The summary as tables, a part of a page, in a language: `en`, `es` or `pt`."""
    def _repr_html_(self) -> str:
        """The summary as on the page of `to_html`, for notebooks."""
    def to_html(self, *, lang: _Lang = "en") -> str:
        """The summary as a page for people, one file of HTML that asks for nothing else, as `cts report` writes it, in a language: `en`, `es` or
        `pt`."""
    def to_arrow(self, table: _SummaryTable = "rules") -> Any:
        """One of its lists as a table of pyarrow, which has to be installed: `rules`, `verdicts`, `missing`, `countries`, `bad_values`, `changes`
        or `hours`, the last two of `help`."""
    def to_polars(self, table: _SummaryTable = "rules") -> Any:
        """One of its lists as a frame of polars, which has to be installed. `table` is as for `to_arrow`."""
    def to_pandas(self, table: _SummaryTable = "rules") -> Any:
        """One of its lists as a frame of pandas, which has to be installed, and pyarrow. `table` is as for `to_arrow`."""
    def __bool__(self) -> NoReturn:
        """Raises: compare `worst`, or ask how many rows have which verdict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __copy__(self) -> Summary: ...
    def __deepcopy__(self, _memo: object) -> Summary: ...

@final
class Finding:
    """What one rule says of the case."""

    @property
    def pack(self) -> str:
        """The name of the rule's pack."""
    @property
    def rule(self) -> str:
        """The rule's id, such as `consent.opted-out`."""
    @property
    def topic(self) -> Union[Topic, str]:
        """What the rule is about; a plain text where it is a topic of the pack's own."""
    @property
    def status(self) -> Status:
        """What it says."""
    @property
    def verdict(self) -> FindingVerdict:
        """What that means: the rule's own verdict where it is violated, review where it is undetermined, else allow; a note where the rule's verdict
        is one, or the rule is not enforced."""
    @property
    def title(self) -> str:
        """The rule in one line."""
    @property
    def message(self) -> str:
        """What is violated or undetermined in this case."""
    @property
    def facts(self) -> Mapping[str, _Value]:
        """What is known of what the rule reads, by path. Instants are aware datetimes, lists tuples; it cannot be changed."""
    @property
    def missing(self) -> Tuple[str, ...]:
        """The missing facts that could settle the rule, by path."""
    @property
    def exposure(self) -> Tuple[Exposure, ...]:
        """What the violation can lead to, from mild to grave; empty where there is none."""
    @property
    def advice(self) -> str:
        """What to do."""
    @property
    def source(self) -> Source:
        """By whose word."""
    @property
    def from_(self) -> Optional[datetime]:
        """Since when the rule is in force; `None` for always."""
    @property
    def until(self) -> Optional[datetime]:
        """Until when; `None` for no end."""
    @property
    def error(self) -> Optional[FindingError]:
        """Why the rule's conditions could not be evaluated although all that they need is known: `code` and `message`; `None` where they could."""
    @property
    def waiver(self) -> Optional[FindingWaiver]:
        """The exception that lowered the verdict: `reason`, `by` and `until`; `None` where there is none."""
    @property
    def labels(self) -> Mapping[str, str]:
        """What the authors of the rule call it for their own purposes, by name; it cannot be changed."""
    def texts(self, lang: _Lang) -> FindingTexts:
        """`title`, `message` and `advice` in a language: `en`, `es` or `pt`. Those of rules whose pack does not have them in it are in English."""
    def to_dict(self) -> dict[str, Any]:
        """The finding as the decision document has it."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Source:
    """The page or law that a rule cites."""

    @property
    def title(self) -> str:
        """Its title."""
    @property
    def url(self) -> str:
        """Where it can be read."""
    @property
    def section(self) -> Optional[str]:
        """Where in it."""
    @property
    def retrieved(self) -> datetime:
        """When it was read."""
    @property
    def confirmed(self) -> bool:
        """Whether the rule and its source are known to be so."""

@final
class PackStamp:
    """Which pack a decision rests on."""

    @property
    def name(self) -> str:
        """Its name."""
    @property
    def version(self) -> str:
        """Its version."""
    @property
    def known_until(self) -> Optional[str]:
        """The day up to which its authors read their sources; `None` where it does not state one."""
    @property
    def digest(self) -> str:
        """The digest of its files."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class DirectoryStamp:
    """Which directory a decision rests on."""

    @property
    def source(self) -> str:
        """Where the list came from."""
    @property
    def retrieved_at(self) -> datetime:
        """When it was retrieved."""
    @property
    def complete(self) -> bool:
        """Whether it names every provider that was listed in the time it covers."""
    @property
    def digest(self) -> str:
        """Its digest."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Pack:
    """Dated, cited rules, read and checked. A pack with a problem is refused whole."""

    @staticmethod
    def load(pack: Union[Pack, _Path]) -> Pack:
        """Reads a pack from a folder, or a built-in one by its name.

        Raises `PackError` with every problem of the pack, and `OSError` for what cannot be read.
        """
    @staticmethod
    def from_files(files: Mapping[str, bytes]) -> Pack:
        """Reads a pack from the bytes of its files, by their paths within its folder, with `/`.

        Raises `PackError` with every problem of the pack.
        """
    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of its files, by their paths, as `from_files` reads them."""
    @staticmethod
    def lint(folder: _Path, *, at: Optional[_Instant] = None) -> Tuple[Problem, ...]:
        """Every problem of the pack in a folder; none if it is in order.

        With `at`, of a pack that is in order what is allowed and probably not meant too: warnings, whose codes begin with `lint/`, as `cts pack lint`
        has them. Waivers that have ended then are among them, which is why it has to be said when.
        """
    @staticmethod
    def built_in_names() -> Tuple[str, ...]:
        """The names of the built-in packs."""
    def test(self) -> Tested:
        """Runs the pack's own tests, and lists what no test shows."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def version(self) -> str:
        """Its version."""
    @property
    def title(self) -> str:
        """One line on what it is."""
    @property
    def published(self) -> datetime:
        """When this version was published."""
    @property
    def digest(self) -> str:
        """The digest of its files."""
    @property
    def rules(self) -> Tuple[Rule, ...]:
        """Its rules, in source order."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Rule:
    """One rule of a pack."""

    @property
    def id(self) -> str:
        """Its id, such as `consent.opted-out`."""
    @property
    def topic(self) -> Union[Topic, str]:
        """What it is about; a plain text where it is a topic of the pack's own."""
    @property
    def title(self) -> str:
        """One line on what it says."""
    @property
    def verdict(self) -> FindingVerdict:
        """What a violation means where the rule is enforced."""
    @property
    def enforced(self) -> bool:
        """Whether it means that yet; if not, all that the rule finds is a note."""
    @property
    def scope(self) -> Scope:
        """Whether it needs a recipient."""
    @property
    def applies(self) -> Optional[str]:
        """When it applies, in the rule language; `None` for always."""
    @property
    def requires(self) -> Optional[str]:
        """What must hold; `None` where `forbids` says what must not."""
    @property
    def forbids(self) -> Optional[str]:
        """What must not hold; `None` where `requires` says what must."""
    @property
    def exposure(self) -> Tuple[Exposure, ...]:
        """What a violation can lead to, from mild to grave."""
    @property
    def from_(self) -> Optional[datetime]:
        """Since when it is in force; `None` for always."""
    @property
    def until(self) -> Optional[datetime]:
        """Until when; `None` for no end."""
    @property
    def waivable(self) -> bool:
        """Whether its findings can be waived."""
    @property
    def labels(self) -> Mapping[str, str]:
        """What its authors call it for their own purposes, by name; it cannot be changed."""
    @property
    def source(self) -> Source:
        """By whose word."""

@final
class Directory:
    """A dated snapshot of the list of solution providers."""

    @staticmethod
    def built_in() -> Directory:
        """The sample that ships with the engine: names seen in public, no listing periods, not complete."""
    @staticmethod
    def load(path: _Path) -> Directory:
        """Reads a directory file.

        Raises `DirectoryError` for whatever is not in order, and `OSError` for what cannot be read.
        """
    @staticmethod
    def from_json(document: Union[_Json, Mapping[str, object]]) -> Directory:
        """Reads a directory from JSON, or from what the standard library writes as JSON."""
    def stack(self, own: Directory) -> Directory:
        """This directory with your own on top, of providers that you vetted: it adds providers, and never makes another one unlisted."""
    def lookup(
        self,
        name: Optional[str] = None,
        *,
        domain: Optional[str] = None,
        id: Optional[str] = None,
        at: Optional[_Instant] = None,
    ) -> Provider:
        """What the directory says about a provider, and which it imitates, at a timestamp; on the day of the directory, if none is given.

        It is *listed* only if all that is given leads to one entry. What leads nowhere is *unlisted* if the directory is complete for that
        instant, and else *unknown*.
        """
    def to_json(self) -> str:
        """The directory as a file."""
    @property
    def source(self) -> str:
        """Where the list came from, in words."""
    @property
    def retrieved_at(self) -> datetime:
        """When the list was retrieved."""
    @property
    def complete(self) -> bool:
        """Whether it names every provider that was listed in the time it covers."""
    @property
    def digest(self) -> str:
        """The digest of the file."""
    def __len__(self) -> int:
        """How many providers it names."""
    def __bool__(self) -> bool:
        """Always true: a directory that names nobody is still a directory."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Provider:
    """What a directory says of a provider at an instant. What is of an entry is `None` or empty where nothing leads to one."""

    @property
    def listing(self) -> Listing:
        """Whether it is listed."""
    @property
    def at(self) -> datetime:
        """The instant that the answer is about."""
    @property
    def id(self) -> Optional[str]:
        """The entry's id."""
    @property
    def name(self) -> Optional[str]:
        """The entry's name."""
    @property
    def aliases(self) -> Tuple[str, ...]:
        """The entry's other, former or later names."""
    @property
    def domains(self) -> Tuple[str, ...]:
        """The entry's web domains."""
    @property
    def role(self) -> Optional[str]:
        """The role that it is listed in, where the directory says so."""
    @property
    def evidence(self) -> Optional[str]:
        """What the entry rests on, in words."""
    @property
    def lookalike(self) -> Optional[Lookalike]:
        """The known provider that this one imitates."""

@final
class Lookalike:
    """The known provider that another one imitates."""

    @property
    def id(self) -> str:
        """The id of the one that is imitated."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def domains(self) -> Tuple[str, ...]:
        """Its web domains."""
    @property
    def reasons(self) -> Tuple[str, ...]:
        """How it is imitated, by stable names such as `confusable_characters`."""
    @property
    def why(self) -> Tuple[str, ...]:
        """The same in sentences."""

@final
class Account:
    """A book of accounts, kept by what WhatsApp sends about them. Threads may share it."""

    def __new__(cls, state: Optional[Union[_Json, Mapping[str, object]]] = None) -> Account:
        """A book in which nothing is known, or what `to_json` wrote, or an object with nothing but an `account` to begin with."""
    def apply(
        self, event: Union[_Json, Mapping[str, object]], *, read_at: Optional[_Instant] = None
    ) -> list[dict[str, Any]]:
        """Takes in one webhook, or an answer of the Graph API that was read at `read_at`, and returns what became of each change.

        Each change stands or falls alone; raises `AccountError` for what is not JSON or not an event. An event that comes twice changes
        nothing, and the order in which events come does not count.
        """
    def receive(
        self, event: Union[_Json, Mapping[str, object]], *, received_at: Optional[_Instant] = None
    ) -> dict[str, Any]:
        """As `apply`, of an envelope that was received at `received_at`: what became of each change under `changes`, and under `rows` the
        keys of the rows that changed, which are those to store."""
    def account(
        self, *, at: Optional[_Instant] = None, number: Optional[str] = None, id: Optional[str] = None
    ) -> dict[str, Any]:
        """The `account` member of a campaign document as of an instant; as of the last event, if none is given.

        `number` is the sending number: without it, what differs between the account's numbers is left out. `id` is the account's, of several.
        """
    def accounts(self) -> list[str]:
        """The ids of the accounts, in order."""
    @staticmethod
    def accounts_in(event: Union[_Json, Mapping[str, object]]) -> list[str]:
        """The ids of the accounts that an envelope is about, in order and each once: whose rows to load before it is applied."""
    def keys(self) -> list[str]:
        """The keys of the rows, in order."""
    def row(self, key: str) -> Optional[str]:
        """One row as a line of JSON; `None` where there is none."""
    def merge_row(self, key: str, row: Union[_Json, Mapping[str, object]]) -> bool:
        """Joins a row, as `row` gave it, also of a later version. Whether the book changed."""
    def merge(self, other: Account) -> list[str]:
        """Joins another book, and gives the keys of the rows that changed."""
    def forget(self, person: str) -> dict[str, list[str]]:
        """Forgets a person, given by a number in E.164 or a user id, under all names that the book knows.

        Gives the keys of rows to delete under `removed`, and of rows to replace under `replaced`: both are empty where the book has nobody of
        that name. Raises `AccountError` for what names no person.
        """
    def expire(self, before: _Instant) -> dict[str, list[str]]:
        """Drops what no check after an instant asks about; gives keys as `forget` does."""
    def not_understood(self, *, id: Optional[str] = None) -> list[dict[str, Any]]:
        """What of an account's events was not understood and not acknowledged."""
    def strange_words(self, *, id: Optional[str] = None) -> list[str]:
        """Words of WhatsApp that no table has, and which leave something of the account unknown: each with its register."""
    def acknowledge(self, at: _Instant, *, id: Optional[str] = None) -> list[str]:
        """Acknowledges it: checks no longer ask for review because of it. Gives the keys of the rows that changed."""
    def appeal(self, at: _Instant, reason: str, *, kind: Optional[str] = None, id: Optional[str] = None) -> list[str]:
        """Notes that an appeal succeeded: restrictions of that kind, or all of them, end then. Gives the keys of the rows that changed."""
    def to_json(self) -> str:
        """The book as one line of JSON, to be kept."""
    @property
    def last_event_at(self) -> Optional[datetime]:
        """When the last event happened."""
    def __len__(self) -> int:
        """How many rows are kept."""
    def __bool__(self) -> bool:
        """Always true: a book without rows is still a book."""

@final
class Code:
    """What an error code of WhatsApp means."""

    @property
    def code(self) -> int:
        """The code."""
    @property
    def subcode_of(self) -> Sequence[int]:
        """The codes of which this is a subcode; empty for a code that stands alone."""
    @property
    def family(self) -> str:
        """The id of its family, such as `calls`."""
    @property
    def title(self) -> str:
        """One line on what it is."""
    @property
    def meaning(self) -> str:
        """What it means."""
    @property
    def gate(self) -> str:
        """What the gate reads from it."""
    @property
    def retry(self) -> str:
        """Whether to try again: `never`, `later`, `when_fixed`, `otherwise`."""
    @property
    def retry_when(self) -> str:
        """When to try again, and on what condition."""
    @property
    def http(self) -> Sequence[int]:
        """The status of the HTTP answer; empty where it is not known."""
    @property
    def api(self) -> str:
        """Which API reports it: `cloud_api`, `on_premises_api`, `health_status`."""
    @property
    def effect(self) -> Optional[CodeEffect]:
        """What an account holds from then on; `None` where nothing outlasts the message."""
    @property
    def source(self) -> str:
        """By whose word."""
    @property
    def url(self) -> str:
        """The source's address."""
    @property
    def retrieved(self) -> str:
        """The day on which the source was read."""
    @property
    def confidence(self) -> str:
        """How near the source is to the origin: `official`, `secondary`, `unconfirmed`."""

@final
class CodeEffect:
    """What an account holds after a code, as a member of campaign documents."""

    @property
    def scope(self) -> str:
        """Whom it concerns: `recipient`, `template`, `number`, `account`, `portfolio`."""
    @property
    def attribute(self) -> str:
        """The attribute; `account.restrictions` stands for one more restriction, of the kind that `value` names."""
    @property
    def value(self) -> str:
        """Its value; `unknown` takes back what was known, `instant` is when the error came, `code` adds the code to a list."""
    @property
    def hours(self) -> Optional[int]:
        """For how many hours; `None` where it holds until an event says otherwise."""

def explain_code(code: int, subcode: Optional[int] = None) -> Optional[Code]:
    """What an error code of WhatsApp means, and whether to try again; `None` for one that the catalogue does not have. With a subcode, what that means, if the catalogue has it."""

def scan(
    tree: Union[str, PathLike[str]], *, at: Union[date, str, None] = None, exclude: Sequence[str] = ..., installed: bool = False
) -> Dict[str, Any]:
    """Which clients of WhatsApp a source tree (or one file of it) installs, runs and calls, and which are unofficial: the report of `cts scan --json`. Nothing is run and no network asked. What the tree itself lists as accepted is heard only where `at` says of which day; `exclude` has patterns of paths that are left out, `installed` reads installed packages too."""

def cts(arguments: Sequence[str]) -> int:
    """Carries out a command line, whose first word is the command's own name: prints the answer and gives the exit code."""
