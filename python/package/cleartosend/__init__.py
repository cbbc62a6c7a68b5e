"""Are we clear to send?

Before a business sends a WhatsApp campaign, it asks an `Engine`, inside its own process, with the facts that it already has.

>>> import cleartosend as cts
>>> engine = cts.Engine()
>>> decision = engine.check({
...     "send_at": "2026-03-02T15:00:00Z",
...     "campaign": {"initiated_by": "business", "category": "marketing"},
...     "recipient": {"phone": "+34600000000", "opted_out": True},
... })
>>> decision.verdict
<Verdict.DENY: 'deny'>
>>> [finding.rule for finding in decision.findings if finding.status == "violated"]
['consent.opted-out']
"""

from ._core import (
    Account,
    Batch,
    Batches,
    Code,
    CodeEffect,
    Decision,
    Directory,
    DirectoryStamp,
    Engine,
    Explanation,
    Finding,
    Judgement,
    Lookalike,
    Mask,
    Pack,
    PackStamp,
    Provider,
    Record,
    Rule,
    Screening,
    Source,
    Summary,
    __version__,
    explain_code,
    scan,
)
from .campaign import CampaignDocument
from .errors import (
    AccountError,
    DirectoryError,
    EngineError,
    Error,
    ExplainError,
    ExpressionError,
    FactsError,
    PackError,
    Problem,
    RecordError,
    ScreenError,
)
from .explanation import Change, ChecklistEntry, Fix, Interval, Members, Missing, OneOf, Range, Removed, Timeline
from .findings import FindingError, FindingTexts, FindingWaiver, JudgedRule
from .screener import Screener
from .words import ChangedBy, Exposure, FindingVerdict, Listing, Scope, Status, Topic, Verdict

__all__ = [
    "Account",
    "AccountError",
    "Batch",
    "Batches",
    "CampaignDocument",
    "Change",
    "ChangedBy",
    "ChecklistEntry",
    "Code",
    "CodeEffect",
    "Decision",
    "Directory",
    "DirectoryError",
    "DirectoryStamp",
    "Engine",
    "EngineError",
    "Error",
    "ExplainError",
    "Explanation",
    "Exposure",
    "ExpressionError",
    "FactsError",
    "Finding",
    "FindingError",
    "FindingTexts",
    "FindingVerdict",
    "FindingWaiver",
    "Fix",
    "Interval",
    "JudgedRule",
    "Judgement",
    "Listing",
    "Lookalike",
    "Mask",
    "Members",
    "Missing",
    "OneOf",
    "Pack",
    "PackError",
    "PackStamp",
    "Problem",
    "Provider",
    "Range",
    "Record",
    "RecordError",
    "Removed",
    "Rule",
    "Scope",
    "ScreenError",
    "Screener",
    "Screening",
    "Source",
    "Status",
    "Summary",
    "Timeline",
    "Topic",
    "Verdict",
    "__version__",
    "explain_code",
    "scan",
]
