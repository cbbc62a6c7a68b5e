"""A gate of twenty rules over 25 attributes: as data, from which each engine's rules are written, and as a function by hand.

Every fact is told, and every condition compares an attribute with constants, because every engine can say that.
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, NamedTuple, Tuple

Condition = Tuple[str, str, Any]


class Rule(NamedTuple):
    id: str
    applies: List[Condition]
    #: Whether the conditions must hold, all of them, or must not.
    requires: bool
    conditions: List[Condition]


_BUSINESS = ("campaign.initiated_by", "==", "business")
_TEMPLATE = ("campaign.content", "==", "template")
_PROMOTES = ("campaign.category", "in", ["marketing", "utility"])
_NO_CODE = ("campaign.category", "!=", "authentication")

RULES = [
    Rule("access.unofficial-route", [("campaign.audience_size", ">", 0)], False, [("access.route", "==", "unofficial")]),
    Rule("access.retired-route", [_BUSINESS], False, [("access.route", "==", "on_premises_api"), ("campaign.use_case", "in", ["marketing", "bulk_messaging"])]),
    Rule("provider.not-reviewed", [("access.route", "!=", "business_app")], True, [("provider.app_review", "==", "passed")]),
    Rule("account.not-approved", [("campaign.use_case", "!=", "customer_care")], True, [("account.review", "in", ["approved", "pending"])]),
    Rule("account.unverified", [("account.daily_limit", ">=", 1000)], True, [("account.verification", "==", "verified"), ("account.review", "!=", "rejected")]),
    Rule("account.name-declined", [_TEMPLATE], True, [("account.display_name", "!=", "declined")]),
    Rule("account.red", [_PROMOTES], False, [("account.quality", "==", "red"), ("campaign.audience_size", ">", 1000)]),
    Rule("feedback.many-blocks", [_BUSINESS], True, [("account.feedback.blocks_7d", "<", 200)]),
    Rule("consent.no-opt-in", [_BUSINESS], True, [("recipient.opt_in", "==", "given")]),
    Rule("consent.opted-out", [_NO_CODE], False, [("recipient.opted_out", "==", True)]),
    Rule("use_case.bulk", [("campaign.vertical", "!=", "government")], False, [("campaign.use_case", "==", "bulk_messaging"), ("campaign.audience_size", ">", 30_000)]),
    Rule("template.not-approved", [_TEMPLATE], True, [("campaign.template.status", "==", "approved")]),
    Rule("template.red", [_TEMPLATE, ("campaign.audience_size", ">", 10)], False, [("campaign.template.quality", "==", "red"), ("account.quality", "in", ["yellow", "red"])]),
    Rule("frequency.marketing", [_NO_CODE], True, [("recipient.marketing_received_24h", "<=", 2)]),
    Rule("automation.no-handoff", [_NO_CODE], False, [("campaign.automated", "==", True), ("campaign.human_handoff", "==", False), ("campaign.use_case", "in", ["customer_care", "ai_assistant"])]),
    Rule("automation.general-ai", [("recipient.country", "not in", ["BR", "IT"])], False, [("campaign.general_purpose_ai", "==", True), ("campaign.use_case", "!=", "customer_care")]),
    Rule("consent.no-way-out", [_PROMOTES, _BUSINESS], True, [("campaign.offers_opt_out", "==", True)]),
    Rule("vertical.forbidden", [("campaign.audience_size", ">=", 10)], False, [("campaign.vertical", "in", ["tobacco", "firearms", "illegal_drugs"])]),
    Rule("territory.no-service", [_BUSINESS], True, [("recipient.country", "not in", ["CU", "IR", "SY"])]),
    Rule("limits.audience", [("account.daily_limit", "<", 1_000_000)], True, [("campaign.audience_size", "<=", 50_000)]),
]


def by_hand(row: Dict[str, Any]) -> List[str]:
    """What somebody would write who knows these rules and needs no others."""
    provider, access, account, campaign, recipient = row["provider"], row["access"], row["account"], row["campaign"], row["recipient"]
    template = campaign["template"]
    route, size, use_case, category = access["route"], campaign["audience_size"], campaign["use_case"], campaign["category"]
    quality, review, vertical, country = account["quality"], account["review"], campaign["vertical"], recipient["country"]
    business, by_template = campaign["initiated_by"] == "business", campaign["content"] == "template"
    promotes, no_code = category in ("marketing", "utility"), category != "authentication"
    found = []
    if size > 0 and route == "unofficial":
        found.append("access.unofficial-route")
    if business and route == "on_premises_api" and use_case in ("marketing", "bulk_messaging"):
        found.append("access.retired-route")
    if route != "business_app" and provider["app_review"] != "passed":
        found.append("provider.not-reviewed")
    if use_case != "customer_care" and review not in ("approved", "pending"):
        found.append("account.not-approved")
    if account["daily_limit"] >= 1000 and not (account["verification"] == "verified" and review != "rejected"):
        found.append("account.unverified")
    if by_template and account["display_name"] == "declined":
        found.append("account.name-declined")
    if promotes and quality == "red" and size > 1000:
        found.append("account.red")
    if business and account["feedback"]["blocks_7d"] >= 200:
        found.append("feedback.many-blocks")
    if business and recipient["opt_in"] != "given":
        found.append("consent.no-opt-in")
    if no_code and recipient["opted_out"]:
        found.append("consent.opted-out")
    if vertical != "government" and use_case == "bulk_messaging" and size > 30_000:
        found.append("use_case.bulk")
    if by_template and template["status"] != "approved":
        found.append("template.not-approved")
    if by_template and size > 10 and template["quality"] == "red" and quality in ("yellow", "red"):
        found.append("template.red")
    if no_code and recipient["marketing_received_24h"] > 2:
        found.append("frequency.marketing")
    if no_code and campaign["automated"] and not campaign["human_handoff"] and use_case in ("customer_care", "ai_assistant"):
        found.append("automation.no-handoff")
    if country not in ("BR", "IT") and campaign["general_purpose_ai"] and use_case != "customer_care":
        found.append("automation.general-ai")
    if promotes and business and not campaign["offers_opt_out"]:
        found.append("consent.no-way-out")
    if size >= 10 and vertical in ("tobacco", "firearms", "illegal_drugs"):
        found.append("vertical.forbidden")
    if business and country in ("CU", "IR", "SY"):
        found.append("territory.no-service")
    if account["daily_limit"] < 1_000_000 and size > 50_000:
        found.append("limits.audience")
    return found


def rows(count: int) -> List[Dict[str, Any]]:
    """Cases, the same on every machine; some 40 % of them break a rule."""
    dice = random.Random(1)

    def often(usual: Any, *others: Any) -> Any:
        return usual if dice.random() < 0.95 else dice.choice(others)

    def row() -> Dict[str, Any]:
        return {
            "send_at": "2026-03-02T15:00:00Z",
            "provider": {"app_review": often("passed", "pending", "none")},
            "access": {"route": often("cloud_api", "business_app", "on_premises_api", "unofficial")},
            "account": {
                "country": dice.choice(["ES", "DE", "BR", "US"]),
                "review": often("approved", "pending", "rejected"),
                "verification": often("verified", "pending", "unverified"),
                "display_name": often("approved", "pending", "declined"),
                "quality": dice.choice(["green", "green", "green", "yellow", "red"]),
                "daily_limit": dice.choice([250, 1000, 10_000, 100_000]),
                "feedback": {"blocks_7d": dice.randrange(205)},
            },
            "campaign": {
                "use_case": dice.choice(["customer_care", "notifications", "marketing", "bulk_messaging", "ai_assistant"]),
                "initiated_by": dice.choice(["business", "customer"]),
                "content": dice.choice(["template", "free_form"]),
                "category": dice.choice(["marketing", "utility", "authentication", "service"]),
                "template": {"status": often("approved", "pending", "paused"), "quality": often("green", "yellow", "red")},
                "vertical": often("retail", "government", "tobacco", "firearms"),
                "audience_size": dice.choice([1, 50, 900, 5000, 20_000, 40_000]),
                "offers_opt_out": often(True, False),
                "automated": dice.random() < 0.5,
                "human_handoff": often(True, False),
                "general_purpose_ai": often(False, True),
            },
            "recipient": {
                "country": often(dice.choice(["ES", "DE", "BR", "IT"]), "CU", "SY"),
                "opt_in": often("given", "none"),
                "opted_out": often(False, True),
                "marketing_received_24h": often(dice.randrange(3), 3, 4),
            },
        }

    return [row() for _ in range(count)]
