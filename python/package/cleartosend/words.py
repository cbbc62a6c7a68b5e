"""The words of decisions, each a text and a member of its list.

The order of a list is the order of `<`: verdicts from the mildest, exposure from mild to grave.
"""

# Generated from the engine's own declarations by `cargo xtask generate`. Do not edit.

from ._word import Decisive, Word

__all__ = ["ChangedBy", "Exposure", "FindingVerdict", "Listing", "Scope", "Status", "Topic", "Verdict"]


class Verdict(Decisive):
    """What a check concludes. The worst finding wins. It has no truth value: compare it."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


class FindingVerdict(Decisive):
    """What a finding means, from nothing to the gravest. A note has no effect on the verdict of its decision. It has no truth value: compare it."""

    ALLOW = "allow"
    NOTE = "note"
    REVIEW = "review"
    DENY = "deny"


class Status(Word):
    """What one rule says of one case."""

    VIOLATED = "violated"
    UNDETERMINED = "undetermined"
    SATISFIED = "satisfied"
    NOT_APPLICABLE = "not_applicable"


class Topic(Word):
    """What a rule is about."""

    PROVIDER = "provider"
    ACCESS = "access"
    ACCOUNT = "account"
    USE_CASE = "use_case"
    TEMPLATE = "template"
    CONSENT = "consent"
    WINDOW = "window"
    INPUT = "input"
    TIMING = "timing"
    FREQUENCY = "frequency"
    VERTICAL = "vertical"
    TERRITORY = "territory"
    AUTOMATION = "automation"
    DATA = "data"
    LIMITS = "limits"
    FEEDBACK = "feedback"
    DIRECTORY = "directory"


class Exposure(Word):
    """What a violation can lead to."""

    WARNING = "warning"
    ACCESS_LIMITED = "access_limited"
    BLOCK_BUSINESS_INITIATED = "block_business_initiated"
    BLOCK_ALL_MESSAGING = "block_all_messaging"
    ACCOUNT_LOCK = "account_lock"
    ACCOUNT_DISABLED = "account_disabled"
    NUMBER_BAN_TEMPORARY = "number_ban_temporary"
    NUMBER_BAN_PERMANENT = "number_ban_permanent"
    BRAND_BAN = "brand_ban"
    LEGAL_ACTION = "legal_action"


class Scope(Word):
    """Whom a rule or a decision is about."""

    CAMPAIGN = "campaign"
    RECIPIENT = "recipient"


class Listing(Word):
    """What a directory says of a provider."""

    LISTED = "listed"
    DELISTED = "delisted"
    UNLISTED = "unlisted"
    UNKNOWN = "unknown"


class ChangedBy(Word):
    """Who can change a fact."""

    CAMPAIGN = "campaign"
    SENDER = "sender"
    ACCOUNT = "account"
    TIME = "time"
    AUDIENCE = "audience"
    NOBODY = "nobody"
