"""A gate before a send, as a view of a web framework calls it: an answer for each verdict, and no message without an `allow`.

There is no server here: `campaign_view` takes what a view would take from its request, and gives a status and a body.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

import cleartosend as cts

# Made once, when the process starts; threads share it.
ENGINE = cts.Engine()


class NotClear(Exception):
    """A campaign that may not be sent as it is."""

    def __init__(self, decision: cts.Decision) -> None:
        super().__init__(repr(decision))
        self.decision = decision


def clear_to_send(campaign: Mapping[str, object]) -> cts.Decision:
    """The gate. Whoever forgets to look at what it gives still sends nothing that is not allowed."""
    decision = ENGINE.check(campaign)
    if not decision.allowed:
        raise NotClear(decision)
    return decision


def campaign_view(campaign: Mapping[str, object], sent: List[str]) -> Tuple[int, Dict[str, Any]]:
    """What a view would answer: the status of an HTTP answer, and its body."""
    try:
        decision = clear_to_send(campaign)
    except cts.FactsError as error:
        return 422, {"code": error.code, "at": error.at, "message": error.message}
    except NotClear as refused:
        status = 409 if refused.decision.verdict is cts.Verdict.DENY else 202  # a person decides
        reasons = [{"rule": finding.rule, "why": finding.message, "do": finding.advice} for finding in refused.decision.findings]
        return status, {"verdict": refused.decision.verdict, "missing": list(refused.decision.missing), "reasons": reasons}
    sent.append(decision.digest)  # the messages, and the decision by which they went out
    return 200, {"verdict": decision.verdict, "decision": decision.digest}


if __name__ == "__main__":
    import json
    from pathlib import Path

    examples = Path(__file__).resolve().parent.parent
    sent: List[str] = []
    for name in ("clean-campaign", "spring-sale", "missing-facts"):
        status, body = campaign_view(json.loads((examples / f"{name}.json").read_text(encoding="utf-8")), sent)
        print(name, status, body["verdict"], [reason["rule"] for reason in body.get("reasons", [])][:2])
    status, body = campaign_view({"send_at": "2026-03-02T15:00:00"}, sent)
    print("no zone", status, body["code"], body["at"])
    print("sent:", len(sent))
