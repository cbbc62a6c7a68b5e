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
    Finding,
    Lookalike,
    Pack,
    PackStamp,
    Provider,
    Rule,
    Screening,
    Source,
    Summary,
    __version__,
    explain_code,
)
from .campaign import CampaignDocument
from .errors import AccountError, DirectoryError, EngineError, Error, ExpressionError, FactsError, PackError, Problem, ScreenError
from .findings import FindingError, FindingTexts, FindingWaiver
from .words import Exposure, FindingVerdict, Listing, Scope, Status, Topic, Verdict

__all__ = [
    "Account",
    "AccountError",
    "Batch",
    "Batches",
    "CampaignDocument",
    "Code",
    "CodeEffect",
    "Decision",
    "Directory",
    "DirectoryError",
    "DirectoryStamp",
    "Engine",
    "EngineError",
    "Error",
    "Exposure",
    "ExpressionError",
    "FactsError",
    "Finding",
    "FindingError",
    "FindingTexts",
    "FindingVerdict",
    "FindingWaiver",
    "Listing",
    "Lookalike",
    "Pack",
    "PackError",
    "PackStamp",
    "Problem",
    "Provider",
    "Rule",
    "Scope",
    "ScreenError",
    "Screening",
    "Source",
    "Status",
    "Summary",
    "Topic",
    "Verdict",
    "__version__",
    "explain_code",
]
