"""What may be handed over as a campaign: everything that means the same is judged the same, and the rest is refused with its place."""

from __future__ import annotations

import collections
import enum
import json
import types
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, Dict, Iterator, List, Mapping, Optional
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleartosend as cts

SENT = "2026-03-02T15:00:00Z"


class Quality(enum.Enum):
    RED = "red"


class Category(str, enum.Enum):
    MARKETING = "marketing"


class Size(enum.IntEnum):
    LARGE = 8000


class Lazy(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, members: Dict[str, Any]) -> None:
        self._members = members

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def refused(engine: cts.Engine, campaign: Any) -> cts.FactsError:
    with pytest.raises(cts.FactsError) as caught:
        engine.check(campaign)
    return caught.value


def test_mappings_tuples_and_members_of_enumerations_mean_what_they_hold(engine: cts.Engine) -> None:
    plain = {
        "send_at": SENT,
        "account": {"quality": "red", "restrictions": [{"kind": "other", "since": SENT, "until": None}]},
        "campaign": {"category": "marketing", "audience_size": 8000, "requests": ["payment_card"]},
    }
    told = Lazy(
        {
            "send_at": datetime(2026, 3, 2, 15, tzinfo=timezone.utc),
            "account": collections.OrderedDict(
                quality=Quality.RED, restrictions=(types.MappingProxyType({"kind": "other", "since": SENT, "until": None}),)
            ),
            "campaign": {"category": Category.MARKETING, "audience_size": Size.LARGE, "requests": ("payment_card",)},
        }
    )
    assert engine.check(told).to_json() == engine.check(plain).to_json() == engine.check(json.dumps(plain)).to_json()


@pytest.mark.parametrize(
    "told",
    [
        datetime(2026, 3, 2, 15, tzinfo=timezone.utc),
        datetime(2026, 3, 2, 16, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 3, 2, 16, tzinfo=ZoneInfo("Europe/Madrid")),
        datetime(2026, 3, 2, 20, 30, tzinfo=ZoneInfo("Asia/Kolkata")),
        "2026-03-02T16:00:00+01:00",
    ],
)
def test_an_instant_is_the_same_in_every_zone(engine: cts.Engine, told: Any) -> None:
    wanted = engine.check({"send_at": SENT}).to_json()
    assert engine.check({"send_at": told}).to_json() == wanted
    assert engine.check({}, at=told).to_json() == wanted
    assert engine.check({"send_at": "1999-01-01T00:00:00Z"}, at=told).to_json() == wanted


@given(st.datetimes(timezones=st.timezones()))
def test_instants_are_what_python_says(told: datetime) -> None:
    engine = cts.Engine()
    utc: Optional[datetime]
    try:
        utc = told.astimezone(timezone.utc)
    except OverflowError:
        utc = None
    if utc is None or utc.year < 1:
        assert refused(engine, {"send_at": told}).code == "facts/instant-out-of-range"
        return
    decision = engine.check({"send_at": told})
    assert decision.send_at == utc
    assert decision.to_json() == engine.check({"send_at": told.isoformat() if told.utcoffset() % timedelta(minutes=1) == timedelta() else utc.isoformat()}).to_json()  # type: ignore[operator]


def test_the_hour_that_comes_twice_is_told_apart(engine: cts.Engine) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=madrid, fold=fold) for fold in (0, 1))
    assert engine.check({"send_at": first}).send_at == datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
    assert engine.check({"send_at": second}).send_at == datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc)


def test_a_naive_datetime_is_refused_with_the_mend(engine: cts.Engine) -> None:
    error = refused(engine, {"send_at": datetime(2026, 3, 2, 15)})
    assert (error.code, error.at) == ("facts/instant-without-offset", "send_at")
    assert "dt.replace(tzinfo=timezone.utc)" in error.message
    assert "2026-03-02T15:00:00" in error.message
    with pytest.raises(cts.FactsError, match=r"dt\.replace\(tzinfo=timezone\.utc\)"):
        engine.check({}, at=datetime(2026, 3, 2, 15))


class Undecided(tzinfo):
    def utcoffset(self, when: Optional[datetime]) -> Optional[timedelta]:
        return None

    def tzname(self, when: Optional[datetime]) -> Optional[str]:
        return None

    def dst(self, when: Optional[datetime]) -> Optional[timedelta]:
        return None


def test_a_zone_without_an_offset_is_as_naive(engine: cts.Engine) -> None:
    error = refused(engine, {"send_at": datetime(2026, 3, 2, 15, tzinfo=Undecided())})
    assert error.code == "facts/instant-without-offset"


@pytest.mark.parametrize(
    ("member", "code", "words"),
    [
        ({"campaign": {"audience_size": True}}, "facts/wrong-type", "found true, expected a whole number"),
        ({"campaign": {"audience_size": 2**63}}, "facts/number-out-of-range", "9223372036854775808"),
        ({"campaign": {"audience_size": 2**64}}, "facts/number-out-of-range", "64-bit"),
        ({"campaign": {"audience_size": -(2**63) - 1}}, "facts/number-out-of-range", "64-bit"),
        ({"campaign": {"audience_size": 10**400}}, "facts/number-out-of-range", "64-bit"),
        ({"campaign": {"audience_size": -5}}, "facts/negative-count", "found -5"),
        ({"campaign": {"audience_size": 1.5}}, "facts/wrong-type", "found the number 1.5"),
        ({"campaign": {"audience_size": float("nan")}}, "facts/wrong-type", "NaN"),
        ({"campaign": {"audience_size": float("inf")}}, "facts/number-out-of-range", "inf"),
        ({"campaign": {"audience_size": Decimal(5)}}, "facts/wrong-type", "`decimal.Decimal`"),
        ({"campaign": {"audience_size": "many"}}, "facts/wrong-type", "the string `many`"),
        ({"campaign": {"automated": 1}}, "facts/wrong-type", "found the number 1, expected true or false"),
        ({"campaign": {"name": datetime(2026, 1, 1, tzinfo=timezone.utc)}}, "facts/wrong-type", "found a timestamp, expected text"),
        ({"campaign": {"name": b"bytes"}}, "facts/wrong-type", "`bytes`"),
        ({"campaign": {"name": "\ud800"}}, "facts/invalid-utf8", "UTF-8"),
        ({"campaign": {"name": "x" * 9000}}, "facts/text-too-long", "9000 bytes"),
        ({"campaign": {"requests": {"payment_card"}}}, "facts/wrong-type", "`set`"),
        ({"campaign": {"requests": ["payment_crad"]}}, "facts/value-outside-list", "did you mean `payment_card`?"),
        ({"campaign": {"requests": [None]}}, "facts/wrong-type", "null in a list"),
        ({"campaign": ["marketing"]}, "facts/wrong-type", "found a list, expected an object"),
        ({"campaign": datetime(2026, 1, 1, tzinfo=timezone.utc)}, "facts/wrong-type", "found a timestamp, expected an object"),
        ({"campaign": {"use_csae": "marketing"}}, "facts/unknown-member", "did you mean `use_case`?"),
        ({"campain": {}}, "facts/unknown-member", "did you mean `campaign`?"),
        ({"campaign": {1: 2}}, "facts/wrong-type", "a key of type `int`"),
        ({"provider": {"listing": "listed"}}, "facts/derived", "follows from other facts"),
        ({"recipient": {"opt_in_at": date(2026, 1, 1)}}, "facts/wrong-type", "tzinfo=timezone.utc"),
        ({"recipient": {"opt_in_at": 1_700_000_000}}, "facts/wrong-type", "a timestamp such as"),
        ({"account": {"restrictions": [{"kind": object()}]}}, "facts/wrong-type", "`object`"),
    ],
)
def test_what_is_not_as_the_schema_says_is_refused_where_it_stands(
    engine: cts.Engine, member: Dict[str, Any], code: str, words: str
) -> None:
    error = refused(engine, {"send_at": SENT, **member})
    assert error.code == code, error
    assert words in error.message
    assert error.at.startswith(next(iter(member)))
    assert str(error).endswith(f"[{code}]")


def test_all_that_is_wrong_is_told_at_once(engine: cts.Engine) -> None:
    campaign = {"account": {"quality": "gren"}, "campaign": {"audience_size": "8 000"}, "recipient": {"phone": "600 000 000", "country": "ES"}}
    error = refused(engine, campaign)
    assert [problem.at for problem in error.problems] == ["account.quality", "campaign.audience_size", "recipient.phone", "send_at"]
    first = error.problems[0]
    assert (error.code, error.at, error.message) == (first.code, first.at, first.message)
    assert "did you mean `8000`?" in error.problems[1].message and "did you mean `+34600000000`?" in error.problems[2].message
    assert str(error).endswith(f", and 3 more problems [{error.code}]")


@pytest.mark.parametrize("campaign", [None, 5, True, [], (), 2.5, object(), Quality.RED, print])
def test_what_is_no_campaign_at_all_is_refused(engine: cts.Engine, campaign: Any) -> None:
    assert refused(engine, campaign).code == "facts/wrong-type"


def test_objects_that_hold_themselves_end(engine: cts.Engine) -> None:
    looped: Dict[str, Any] = {"send_at": SENT}
    looped["provider"] = looped
    assert refused(engine, looped).code == "facts/unknown-member" or refused(engine, looped).code == "facts/wrong-type"
    items: List[Any] = []
    items.append(items)
    assert refused(engine, {"send_at": SENT, "campaign": items}).code == "facts/too-deep"
    laughs: Any = ["lol"]
    for _ in range(12):
        laughs = [laughs] * 64
    assert refused(engine, {"send_at": SENT, "campaign": laughs}).code in ("facts/too-deep", "facts/too-large", "facts/wrong-type")


def test_a_document_of_objects_is_as_bounded_as_text(engine: cts.Engine) -> None:
    wide = {"send_at": SENT, "access": {"clients": ["npm:" + "x" * 8000] * 200}}
    assert refused(engine, wide).code == "facts/too-large"
    assert refused(engine, json.dumps(wide)).code == "facts/too-large"


class Raises(Mapping[str, Any]):
    def __getitem__(self, name: str) -> Any:
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        raise OSError("the database is gone")

    def __len__(self) -> int:
        return 1


def test_what_the_callers_own_code_raises_goes_through(engine: cts.Engine) -> None:
    with pytest.raises(OSError, match="the database is gone"):
        engine.check({"send_at": SENT, "provider": Raises()})


class Meddling(tzinfo):
    """Changes the document while it is read."""

    def __init__(self, document: Dict[str, Any]) -> None:
        self._document = document

    def utcoffset(self, when: Optional[datetime]) -> timedelta:
        self._document["y" + str(len(self._document))] = 1
        return timedelta()

    def tzname(self, when: Optional[datetime]) -> Optional[str]:
        return None

    def dst(self, when: Optional[datetime]) -> timedelta:
        return timedelta()


def test_a_dict_that_changes_while_it_is_read_is_an_error(engine: cts.Engine) -> None:
    document: Dict[str, Any] = {}
    document["send_at"] = datetime(2026, 1, 1, tzinfo=Meddling(document))
    document["provider"] = {}
    error = refused(engine, document)
    assert "changed while it was read" in error.message


# Anything that JSON can say, and then something.
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.sampled_from(["marketing", "red", SENT, "+34600000000", "unlimited"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["send_at", "provider", "account", "campaign", "recipient", "name", "kind", "quality", "restrictions", "daily_limit", "x", "phone"]) | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON)
def test_objects_and_their_json_are_judged_alike(told: Any) -> None:
    engine = cts.Engine()
    if isinstance(told, dict) and "send_at" not in told:
        told["send_at"] = SENT

    def answer(campaign: Any) -> Any:
        try:
            return engine.check(campaign).to_json()
        except cts.FactsError as error:
            return error.code, error.message
    if isinstance(told, str):
        return  # text is JSON
    try:
        text = json.dumps(told, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return
    assert answer(told) == answer(text)
