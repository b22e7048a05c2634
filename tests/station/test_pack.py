"""Rule packs: what is sound is read as it stands, and each thing amiss is told in one line with its path and value."""

import json
from typing import Any

import pytest

from station.admission import AdmissionPolicy
from station.card import CardTier
from station.club import ClubRules
from station.pack import CardCap, HandLimit, OfflinePolicy, Pack, TaxRate, Tier
from station.people import Role
from station.promotion import CouponTerm, EarningRule, Promotion, When
from station.rewards import NextCoupon, PercentOff, Reward
from station.text import Text
from sync.documents import read_pack
from tests.fakes import NAME, pack, promotion

Json = dict[str, Any]
TEXT = {"fa": "الف", "en": "A"}
HEAD: Json = {"version": 1, "number": 7, "currency": "IRR"}
TIERS = [{"id": "gold", "rank": 2, "name": TEXT}, {"id": "silver", "rank": 1, "name": TEXT}]
SOUND: Json = HEAD | {
    "tiers": TIERS,
    "promotions": [
        {"id": "ten", "name": TEXT, "reward": {"percent": {"rate": "10"}}, "when": {"tiers": ["gold"]}},
        {"id": "next", "name": TEXT, "reward": {"coupon": {"promotion": "back", "days": 30}}},
        {"id": "back", "name": TEXT, "reward": {"percent": {"rate": "5"}}, "when": {"coupon": {"issued": True}}}],
    "earning": [{"id": "base", "name": TEXT, "points": 1, "per": 1000}],
    "taxes": [{"id": "vat", "name": TEXT, "percent": "10"}],
    "card_caps": [{"card": 0, "most_points": 100}],
    "by_hand": [{"role": "CASHIER", "percent": "5"}],
    "texts": {"welcome": TEXT},
}


def refusal(document: object) -> str:
    """The one line in which ``document`` is refused."""
    with pytest.raises(ValueError, match=r"^\$") as refused:
        read_pack(json.dumps(document).encode())
    line = str(refused.value)
    assert "\n" not in line
    return line


def altered(path: str, value: object) -> Json:
    """``SOUND`` with ``value`` at a dotted path; steps that are not there are made."""
    document: Json = json.loads(json.dumps(SOUND))
    *steps, last = path.split(".")
    place: Any = document
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[int(last) if isinstance(place, list) else last] = value
    return document


def test_a_sound_pack_is_read_as_it_stands() -> None:
    name = Text("الف", "A")
    issued = When(coupon=CouponTerm(issued=True))
    assert read_pack(json.dumps(SOUND).encode()) == Pack(
        1, 7, "IRR", (Tier("gold", 2, name), Tier("silver", 1, name)), (
            Promotion("ten", name, Reward(percent=PercentOff("10")), when=When(tiers=("gold",))),
            Promotion("next", name, Reward(coupon=NextCoupon("back", 30))),
            Promotion("back", name, Reward(percent=PercentOff("5")), when=issued)),
        (EarningRule("base", name, 1, 1000),), taxes=(TaxRate("vat", name, "10"),),
        card_caps=(CardCap(CardTier.NUMBER, 100),), by_hand=(HandLimit(Role.CASHIER, "5"),), texts={"welcome": name})


def test_a_pack_may_be_as_short_as_its_head() -> None:
    club = read_pack(json.dumps(HEAD | {"tiers": []}).encode())
    assert (club.promotions, club.admission, club.offline, club.club, club.entry_tier()) == (
        (), AdmissionPolicy(), OfflinePolicy(), ClubRules(), None)


@pytest.mark.parametrize(("path", "value", "words"), [
    ("$.version", 2, "2, expected 1: another program made this"),
    ("$.number", 0, "0, expected at least 1"),
    ("$.currency", "rial", "'rial', expected an ISO 4217 code"),
    ("$.cash_step", -1, "-1, expected at least 0"),
    ("$.currency", "irr", "'irr', expected an ISO 4217 code"),
    ("$.promotions[0].id", "", "'', expected 1 to 40 of A-Z a-z 0-9 . _ - and no reserved word"),
    ("$.promotions[0].id", "a/b", "'a/b', expected 1 to 40"),
    ("$.promotions[0].id", "-a", "'-a', expected 1 to 40"),
    ("$.promotions[0].id", "a" * 41, f"'{'a' * 41}', expected 1 to 40"),
    ("$.promotions[0].id", "points", "'points', expected 1 to 40 of A-Z a-z 0-9 . _ - and no reserved word"),
    ("$.promotions[0].id", "rounding", "'rounding', expected 1 to 40 of A-Z a-z 0-9 . _ - and no reserved word"),
    ("$.earning[0].id", "hand", "'hand', expected 1 to 40 of A-Z a-z 0-9 . _ - and no reserved word"),
    ("$.promotions[2].id", "ten", "'ten' stands twice, first at $.promotions[0].id"),
    ("$.earning[0].id", "ten", "'ten' stands twice, first at $.promotions[0].id"),
    ("$.tiers[1].id", "gold", "'gold' stands twice, first at $.tiers[0].id"),
    ("$.tiers[0].id", "g d", "'g d', expected 1 to 40"),
    ("$.taxes[0].id", "vat\n", r"'vat\n', expected 1 to 40"),
    ("$.promotions[0].when.tiers", ["gold", "iron"], "'iron', expected one of gold, silver"),
    ("$.earning[0].when.tiers", ["iron"], "'iron', expected one of gold, silver"),
    ("$.club.tiers.steps", [{"tier": "iron", "least": 0}], "'iron', expected one of gold, silver"),
    ("$.promotions[1].reward.coupon.promotion", "none", "'none', expected a promotion that takes issued coupons"),
    ("$.promotions[1].reward.coupon.promotion", "ten", "'ten', expected a promotion that takes issued coupons"),
])
def test_parts_that_do_not_go_together(path: str, value: object, words: str) -> None:
    assert refusal(altered(path.removeprefix("$.").replace("[", ".").replace("]", ""), value)).startswith(f"{path}: {words}")


def test_a_coupon_needs_a_promotion_that_takes_it() -> None:
    by_code = altered("promotions.2.when.coupon", {"codes": ["X"]})
    assert refusal(by_code).startswith("$.promotions[1].reward.coupon.promotion: 'back'")


@pytest.mark.parametrize(("part", "path"), [
    ("by_hand", "$.by_hand[1].role: 'CASHIER' stands twice, first at $.by_hand[0].role"),
    ("card_caps", "$.card_caps[1].card: 'NUMBER' stands twice, first at $.card_caps[0].card"),
    ("taxes", "$.taxes[1].id: 'vat' stands twice, first at $.taxes[0].id")])
def test_nothing_is_said_twice(part: str, path: str) -> None:
    assert refusal(altered(part, SOUND[part] * 2)) == path


def test_a_club_without_tiers_names_none() -> None:
    assert refusal(altered("tiers", [])) == (
        "$.promotions[0].when.tiers: 'gold', expected one of no tier: there are none")


REWARDS: list[tuple[Json, str, str]] = [
    ({"percent": {"rate": "100.5"}}, ".percent", "more than 100 percent: '100.5'"),
    ({"percent": {"rate": "-1"}}, ".percent", "not a percentage: '-1'"),
    ({"percent": {"rate": "ten"}}, ".percent", "expected a decimal such as '12.5'"),
    ({"amount": {"amount": 0}}, ".amount", "amount is 0, expected at least 1"),
    ({"amount": {"amount": 1, "per_pieces": -1}}, ".amount", "per_pieces is -1, expected at least 0"),
    ({"fixed_price": {"price": -1}}, ".fixed_price", "price is -1, expected at least 0"),
    ({"buy_get": {"buy": 0}}, ".buy_get", "buy is 0, expected at least 1"),
    ({"buy_get": {"buy": 1, "get": 0}}, ".buy_get", "get is 0, expected at least 1"),
    ({"cheapest": {"rate": "101"}}, ".cheapest", "more than 100 percent: '101'"),
    ({"cheapest": {"pieces": 0}}, ".cheapest", "pieces is 0, expected at least 1"),
    ({"steps": {"by": "AMOUNT", "steps": []}}, ".steps", "steps rise from one to the next: []"),
    ({"steps": {"by": "AMOUNT", "steps": [{"least": 5, "rate": "1"}, {"least": 5, "rate": "2"}]}}, ".steps",
     "steps rise from one to the next: [5, 5]"),
    ({"steps": {"by": "AMOUNT", "steps": [{"least": -1, "rate": "1"}]}}, ".steps.steps[0]", "least is -1, expected at least 0"),
    ({"steps": {"by": "AMOUNT", "steps": [{"least": 1, "amount": -1}]}}, ".steps.steps[0]", "amount is -1, expected at least 0"),
    ({"steps": {"by": "AMOUNT", "steps": [{"least": 1}]}}, ".steps.steps[0]", "a step has a rate or an amount: '', 0"),
    ({"steps": {"by": "AMOUNT", "steps": [{"least": 1, "rate": "1", "amount": 2}]}}, ".steps.steps[0]",
     "a step has a rate or an amount: '1', 2"),
    ({"steps": {"by": "QUANTITY", "steps": [{"least": 1, "rate": "200"}]}}, ".steps.steps[0]", "more than 100 percent: '200'"),
    ({"steps": {"by": "PIECES", "steps": []}}, ".steps.by", "expected one of AMOUNT, QUANTITY"),
    ({"gift": {"pieces": 0}}, ".gift", "pieces is 0, expected at least 1"),
    ({"multiplier": {"factor": "-2"}}, ".multiplier", "not a factor: '-2' (expected a decimal such as '1.5')"),
    ({"bonus": {"points": 0}}, ".bonus", "points is 0, expected at least 1"),
    ({"bonus": {"points": 1, "terms": {"pending_days": -1}}}, ".bonus.terms", "pending_days are 0 to 36525: -1"),
    ({"coupon": {"promotion": "back", "days": 0}}, ".coupon", "a coupon lives 1 to 36525 days: 0"),
    ({}, "", "a reward has exactly one of percent, amount"),
    ({"percent": {"rate": "1"}, "gift": {}}, "", "a reward has exactly one of"),
    ({"percent": {"rate": "1"}, "cap": 0}, "", "cap is 0, expected at least 1"),
    ({"gift": {}, "cap": 1}, "", "a gift has no cap"),
    ({"coupon": {"promotion": "back", "days": 1}, "cap": 1}, "", "a coupon has no cap"),
]


@pytest.mark.parametrize(("reward", "where", "words"), REWARDS)
def test_a_reward_is_checked(reward: Json, where: str, words: str) -> None:
    line = refusal(altered("promotions.0.reward", reward))
    assert line.startswith(f"$.promotions[0].reward{where}: ")
    assert words in line


WHEN = "$.promotions[0].when"


@pytest.mark.parametrize(("path", "value", "at", "words"), [
    ("dates", [{"first": "2026-02-30"}], f"{WHEN}.dates[0]", "no such day: '2026-02-30'"),
    ("dates", [{"last": "1405/09/01"}], f"{WHEN}.dates[0]", "not a day: '1405/09/01', expected YYYY-MM-DD"),
    ("dates", [{}], f"{WHEN}.dates[0]", "dates run from '' through ''"),
    ("dates", [{"first": "2026-02-02", "last": "2026-02-01"}], f"{WHEN}.dates[0]", "dates run from '2026-02-02' through"),
    ("hours", [{"start": "8:00", "end": "10:00"}], f"{WHEN}.hours[0]", "not a time of day: '8:00', expected HH:MM"),
    ("hours", [{"start": "08:00", "end": "24:01"}], f"{WHEN}.hours[0]", "not a time of day: '24:01'"),
    ("hours", [{"start": "24:00", "end": "10:00"}], f"{WHEN}.hours[0]", "hours run from '24:00' until '10:00'"),
    ("hours", [{"start": "10:00", "end": "10:00"}], f"{WHEN}.hours[0]", "hours run from '10:00' until '10:00'"),
    ("weekdays", ["FUNDAY"], f"{WHEN}.weekdays[0]", "expected one of SATURDAY, SUNDAY, MONDAY"),
    ("birthday", {"before": 181}, f"{WHEN}.birthday", "a birthday window is 0 to 180 days: 181, 0"),
    ("birthday", {"after": -1}, f"{WHEN}.birthday", "a birthday window is 0 to 180 days: 0, -1"),
    ("visits", [1, 0], WHEN, "visits count from 1: (1, 0)"),
    ("payments", ["CREDIT"], f"{WHEN}.payments[0]", '"CREDIT": expected one of CASH, DEBIT, WALLET, GIFT_CARD'),
    ("card", 9, f"{WHEN}.card", "9: expected one of 0, 1, 2, 3, 4"),
    ("coupon", {}, f"{WHEN}.coupon", "a coupon needs codes, or to be issued"),
    ("quantity", {}, f"{WHEN}.quantity", "a quantity window runs from 0 through None"),
    ("quantity", {"least": -1, "most": 3}, f"{WHEN}.quantity", "a quantity window runs from -1 through 3"),
    ("quantity", {"least": 3, "most": 2}, f"{WHEN}.quantity", "a quantity window runs from 3 through 2"),
    ("minimum", {"amount": 0}, f"{WHEN}.minimum", "amount is 0, expected at least 1"),
    ("counted", {"product": ["p1"]}, f"{WHEN}.counted.product", '["p1"]: no such field, expected one of products, categories'),
])
def test_a_condition_is_checked(path: str, value: object, at: str, words: str) -> None:
    line = refusal(altered(f"promotions.0.when.{path}", value))
    assert line.startswith(f"{at}: ")
    assert words in line


@pytest.mark.parametrize(("path", "value", "at", "words"), [
    ("promotions.0.stage", 0, "$.promotions[0]", "stage is 0, expected at least 1"),
    ("promotions.0.cost", {"points": 0}, "$.promotions[0].cost", "points is 0, expected at least 1"),
    ("promotions.0.cost", {"points": 1, "per_pieces": -1}, "$.promotions[0].cost", "per_pieces is -1, expected at least 0"),
    ("promotions.0.cost", {"points": 1, "per_pieces": 1}, "$.promotions[0]", "only free goods have a cost per pieces"),
    ("promotions.1.limits", {"budget": 5}, "$.promotions[1]", "a budget of money is for rewards of money"),
    ("promotions.1.reward.scope", {"tags": ["red"]}, "$.promotions[1]", "a coupon is for no goods in particular"),
    *(("promotions.0.limits", {name: 0}, "$.promotions[0].limits", f"{name} is 0, expected at least 1")
      for name in ("per_member", "per_member_day", "per_day", "in_all", "budget")),
    ("earning.0.points", 0, "$.earning[0]", "points is 0, expected at least 1"),
    ("earning.0.per", -1, "$.earning[0]", "per is -1, expected at least 0"),
    ("earning.0.terms", {"validity": {"days": 1, "months": 1}}, "$.earning[0].terms.validity", "not both: 1, 1"),
    ("earning.0.terms", {"validity": {"months": 1201}}, "$.earning[0].terms.validity", "up to 36525 days or 1200 months"),
    ("earning.0.terms", {"validity": {"days": 3}, "pending_days": 4}, "$.earning[0].terms", "would end before its 4 pending days"),
    ("redemption", {"block": 0, "worth": 1}, "$.redemption", "paying with points: 0 points for 1, minimum 0"),
    ("redemption", {"block": 1, "worth": 1, "largest_share": "101"}, "$.redemption", "points cannot pay 101 percent"),
    ("taxes.0.percent", "9 %", "$.taxes[0]", "not a percentage: '9 %'"),
    ("card_caps.0.most_points", -1, "$.card_caps[0]", "most_points is -1, expected at least 0"),
    ("by_hand.0.percent", "101", "$.by_hand[0]", "more than 100 percent: '101'"),
    ("by_hand.0.role", "BOSS", "$.by_hand[0].role", '"BOSS": expected one of SYSTEM, CASHIER, SENIOR, MANAGER'),
    ("admission", {"fee": -1}, "$.admission", "a figure of the admission policy is negative"),
    ("admission", {"approved_by": "BOSS"}, "$.admission.approved_by", "expected one of SYSTEM, CASHIER"),
    ("offline", {"lease_hours": -1}, "$.offline", "a figure of the offline policy is negative"),
    ("club.ledger", {"grace_days": -1}, "$.club.ledger", "grace_days are 0 to 36525: -1"),
    ("club.ledger", {"calendar": "LUNAR"}, "$.club.ledger.calendar", '"LUNAR": expected one of JALALI, GREGORIAN'),
    ("club.tiers", {"steps": []}, "$.club.tiers", "tier steps start at 0 and rise: []"),
    ("club.tiers", {"steps": [{"tier": "gold", "least": 0}, {"tier": "gold", "least": 9}]}, "$.club.tiers", "a tier stands twice"),
    ("club.referral", {"points": []}, "$.club.referral", "referral gives ()"),
    ("club.stamps", {"id": "s", "stamps": 0, "points": 1}, "$.club.stamps", "stamp rule s: figures must be positive"),
    ("texts.welcome", {"fa": "", "en": 5}, "$.texts.welcome.en", "5: expected `str`, got `int`"),
    ("texts.good bye", {"en": ""}, '$.texts["good bye"]', '{"en": ""}: object missing required field `fa`'),
])
def test_every_other_part_is_checked(path: str, value: object, at: str, words: str) -> None:
    line = refusal(altered(path, value))
    assert line.startswith(f"{at}: ")
    assert words in line


@pytest.mark.parametrize(("path", "value"), [
    ("club.birthday", {"points": 0}), ("club.value", {"grace_days": -1}),
    ("club.tiers", {"steps": [{"tier": "gold", "least": 0}], "window_months": 10**6})])
def test_rules_that_could_not_be_followed_later_are_refused_now(path: str, value: Json) -> None:
    # else a birthday, a wallet and the reckoning of a tier would fail on the day they come up
    assert refusal(altered(path, value)).startswith(f"$.{path}: ")


def test_a_pack_finds_its_tiers_and_the_names_of_its_rules() -> None:
    club = pack()
    gold, entry = club.tier("gold"), club.entry_tier()
    assert gold is not None
    assert entry is not None
    assert (gold.rank, entry.id, club.tier("iron")) == (2, "silver", None)
    club = pack(promotions=(promotion("a", "1"),))
    assert [club.rule_name(rule) for rule in ("a", "base", "hand/1")] == [NAME, NAME, None]
