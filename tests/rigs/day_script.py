"""A cashier's whole day at the demo shop, told once for every way to work there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from station.text import Text
from tests.rigs.day_counter import DayCounter
from tests.rigs.day_ways import Way
from ui.demo.office import Office
from ui.demo.shop import DemoCard, cards
from ui.format import Format, fold_digits
from ui.text import Words

DRAWN = 300
CASHIER, MANAGER = Text("سارا محمدی", "Sara Mohammadi"), Text("امید رضایی", "Omid Rezaei")
CHOSEN, MANAGERS = "7294", "739155"
"""The PINs they choose."""

BADGE, MANAGERS_BADGE = Text("نشان سارا محمدی", "Badge of Sara Mohammadi"), Text("نشان امید رضایی", "Badge of Omid Rezaei")
NEW_CARD = "9364999999900016"
NEW_NAME = Text("مینا", "mina")
NEW_PHONE = "09127773344"
FLOAT_RIAL, COUNTED_RIAL, TAKEN_RIAL, PRICE_RIAL = 10_000_000, 6_000_000, 1_000_000, 150_000
SECOND_NOTE_RIAL = 1_000_000
TRACE = "482910"
RECEIPT = re.compile(r"[0-9]+-[0-9]+-[0-9]{6}-[0-9A-F]{4}")
PHONE = re.compile(r"09[0-9]{9}")
OTHER = {"fa": "en", "en": "fa"}


def barcode(good: int) -> str:
    """Return the EAN-13 on the demo's good of that number, as the goods' labels have it."""
    body = f"626{good:09d}"
    return body + str(-sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(body)) % 10)


@dataclass
class Done:
    """What was done, for the books to be held against: how often each, and the receipts."""

    receipts: list[str] = field(default_factory=list)
    returns: int = 0
    enrolled: int = 0
    taken_out_rial: int = 0


class Day:
    """One day. ``language`` is spoken from the sign-in to the evening; the demo begins in Persian."""

    def __init__(self, counter: DayCounter, way: Way, language: str) -> None:
        """Know the club's cards, as the shop's own head office lists them."""
        self.counter, self.way, self.language = counter, way, language
        self.done = Done()
        self._pins = counter.pins
        self._phone = ""
        self.seen_before_counting: list[str] = []
        self._cards: Sequence[DemoCard] = [
            each for each in cards(Office(counter.folder / "headoffice"), DRAWN) if each.status == "ACTIVE"]

    def run(self, parts: Sequence[Callable[["Day"], None]]) -> Done:
        """Live through ``parts`` of the day, with a picture after each."""
        for part in parts:
            part(self)
            self.counter.picture(part.__name__)
        return self.done

    def come(self) -> None:
        """Replace head office's PINs, the manager's first; count the float, open the shift; then speak the day's language."""
        counter, way = self.counter, self.way
        self._choose_pin(MANAGERS_BADGE, self._pins["omid"], MANAGERS)
        way.do("Lock the till", "Shift+Esc")
        counter.wait_for("The till is locked")
        self._choose_pin(BADGE, self._pins["sara"], CHOSEN)
        way.type("5")
        counter.wait_for(self._style.money(FLOAT_RIAL))
        counter.picture("float")
        way.end_count(self._in_unit("Counted otherwise ({unit})"))
        way.enter("Open the shift")
        counter.wait_for("No member")
        if self.language != counter.words.language:
            self.speak_otherwise()

    def speak_otherwise(self) -> None:
        """Switch the language under whatever is open."""
        self.way.do("فارسی / English")
        self.counter.words = Words(OTHER[self.counter.words.language])
        self.counter.wait_for("Total")

    def sell_to_a_member(self) -> None:
        """Scan card and goods, take a line out and back in, hold the basket, sell another, and recall the first."""
        counter, way = self.counter, self.way
        gold = next(each for each in self._cards if each.tier == "gold")
        counter.hands.scan(f";{gold.number}?")
        counter.wait_for(Text(gold.name, gold.name))
        self._phone = self._phone_shown()
        for good in (1, 5, 20):
            counter.hands.scan(barcode(good))
        self._items(3)
        way.remove()
        self._items(2)
        way.do("Undo", "F8")
        self._items(3)
        way.do("Hold", "F5")
        counter.wait_for("No member")
        self.sell_for_cash()
        way.do("Recall", "F6")
        counter.wait_for("Held baskets")
        way.enter("Recall")
        counter.wait_for(Text(gold.name, gold.name))
        self._items(3)

    def sell_for_cash(self) -> None:
        """Sell one good for exactly its sum."""
        self.counter.hands.scan(barcode(3))
        self._items(1)
        self.way.do("Pay", "F12")
        self.counter.wait_for(self._in_unit("Cash received ({unit})"))
        self.way.enter("Pay in cash")
        self._receipt()

    def pay_a_little_of_everything(self) -> None:
        """Take points, give ten per cent by hand with the manager, and pay the rest in cash and at the bank's terminal."""
        counter, way = self.counter, self.way
        way.do("Use points", "F9")
        counter.wait_for("Rewards for points")
        way.enter("Use")
        counter.until(lambda: counter.found("Give back") is not None, "the points")
        counter.picture("points")
        way.back("Done")
        counter.wait_gone("Rewards for points")
        way.do("Discount by hand", "F4")
        counter.wait_for("What for?")
        way.type("10")
        way.pick("Damaged")
        counter.picture("hand")
        way.enter("Give")
        self._approve()
        counter.until(lambda: counter.found("Undo") is not None, "the discount")
        way.do("Pay", "F12")
        counter.wait_for(self._in_unit("Cash received ({unit})"))
        way.type("50000")
        way.enter("Pay in cash")
        counter.wait_for("Remains")
        way.turn_to("Bank terminal", "Alt+2")
        counter.wait_for("Trace number")
        counter.picture("split-payment")
        way.type(TRACE)
        way.enter("Paid on the bank terminal")
        self._receipt()

    def sell_to_somebody_found(self) -> None:
        """Find the member of this morning by phone, ask a price meanwhile, and print the receipt once more."""
        counter, way = self.counter, self.way
        way.do("Find member", "F2")
        counter.wait_for("Whom to look for")
        way.type(self._phone)
        way.enter("Look for")
        counter.wait_gone("No member")
        counter.hands.scan(barcode(7))
        self._items(1)
        way.do("Price enquiry", "Shift+F6")
        counter.wait_for("Scan an item, or type its code. Nothing is added to the basket.")
        counter.hands.scan(barcode(9))
        counter.wait_for(self._style.money(PRICE_RIAL))
        counter.picture("enquiry")
        way.back()
        counter.wait_gone("Price enquiry")
        self._items(1)
        way.do("Pay", "F12")
        counter.wait_for(self._in_unit("Cash received ({unit})"))
        way.type("500000")
        way.enter("Pay in cash")
        self._receipt()
        way.do("Last receipt", "Shift+F9")
        copies = counter.folder / "receipts"
        counter.until(lambda: any(copies.glob("*-copy.png")), "the second receipt")

    def take_back(self) -> None:
        """Take one piece back on the receipt of the sale that was paid in cash."""
        counter, way = self.counter, self.way
        way.do("Return", "F7")
        counter.wait_for("Return: find the sale")
        counter.hands.scan(self.done.receipts[0])
        counter.wait_for("Goes back")
        way.one_more()
        counter.until(lambda: counter.found("Take the goods back") is not None, "something to give back")
        counter.picture("goods-back")
        way.finish("Take the goods back")
        self._approve()
        counter.wait_for("Print again")
        counter.picture("gone-back")
        way.enter("Done")
        counter.wait_for("No member")
        self.done.returns += 1

    def enrol(self) -> None:
        """Enrol somebody with a new card, and sell to them."""
        counter, way = self.counter, self.way
        way.do("New member", "F3")
        counter.wait_for("Show a card at any moment")
        counter.hands.scan(f";{NEW_CARD}?")
        counter.wait_for("Card taken")
        way.type(NEW_PHONE, pad="Digits")
        way.name(NEW_NAME)
        counter.picture("new-member")
        way.turn_to("Enrol", "F12")
        counter.wait_gone("Show a card at any moment")
        counter.wait_gone("No member")
        self.done.enrolled += 1
        self.sell_for_cash()

    def take_cash_out(self) -> None:
        """Bring a hundred thousand toman to the safe, with the manager."""
        counter, way = self.counter, self.way
        way.do("Cash out of the drawer")
        counter.wait_for("Reason")
        way.type("100000")
        way.enter("Take it out")
        self._approve()
        counter.wait_for(self._style.money(TAKEN_RIAL))
        self.done.taken_out_rial += TAKEN_RIAL

    def look_back(self) -> None:
        """Have the manager come and look at the day and at how everything stands, and leave each of these pages."""
        counter, way = self.counter, self.way
        way.do("Lock the till", "Shift+Esc")
        self._by_name(MANAGER, MANAGERS)
        counter.wait_for("No member")
        way.do("Today's member sales")
        counter.wait_for("New members")
        way.part("Hours")
        counter.wait_for("All sales by hour, today")
        counter.picture("today")
        way.back()
        counter.wait_for("No member")
        way.do("Readers, printer, connection")
        counter.wait_for("Print a test page")
        way.part("Head office")
        counter.wait_for("Exchange with head office")
        counter.picture("head-office")
        way.back()
        counter.wait_for("No member")

    def go_and_come(self) -> None:
        """Lock the till, and open it by name."""
        counter, way = self.counter, self.way
        way.do("Lock the till", "Shift+Esc")
        self._by_name()
        counter.wait_for("No member")

    def train(self) -> None:
        """Go into training with the manager, sell there, and come back: nothing of it is in the books."""
        counter, way = self.counter, self.way
        way.do("Begin training")
        self._approve()
        counter.wait_for("TRAINING: nothing here is real, and nothing is sent", "The till is locked")
        counter.picture("training-locked")
        self._by_name()
        counter.wait_for("How much cash is in the drawer to begin with?")
        way.end_count(self._in_unit("Counted otherwise ({unit})"))
        way.type("0")
        way.enter("Open the shift")
        counter.wait_for("No member")
        counter.hands.scan(barcode(3))
        self._items(1)
        way.do("Pay", "F12")
        counter.wait_for(self._in_unit("Cash received ({unit})"))
        way.enter("Pay in cash")
        self._items(0)
        counter.picture("training")
        way.do("End training")
        self._approve()
        counter.wait_gone("TRAINING: nothing here is real, and nothing is sent")
        self._by_name()
        counter.wait_for("No member")

    def _by_name(self, who: Text = CASHIER, pin: str = CHOSEN) -> None:
        """Sign in without a badge."""
        self.counter.wait_for("The till is locked")
        self.way.choose(who)
        self.counter.wait_for("Type your PIN, then Enter.")
        self._pin(pin)

    def close(self) -> None:
        """Count the drawer without knowing what is expected, say why it differs, and close the shift."""
        counter, way = self.counter, self.way
        way.do("Count and close the shift")
        counter.wait_for("Count the drawer. What is expected is told afterwards.")
        way.type("2")
        way.go_to(self._pieces(SECOND_NOTE_RIAL))
        way.type("2")
        counter.wait_for(self._style.money(COUNTED_RIAL))
        self.seen_before_counting = [each.name for each in counter.screen()]
        way.end_count(self._in_unit("Counted otherwise ({unit})"))
        way.enter("Hand the count in")
        counter.wait_for("The count is not what is expected")
        counter.picture("difference")
        way.choose("Nobody knows why")
        self._approve()
        counter.wait_for("It is in the journal and on its way to the printer.")
        counter.picture("z")
        way.choose("Continue")
        counter.wait_gone("It is in the journal and on its way to the printer.")

    def go_home(self) -> None:
        """Wait until head office has everything, and close the program."""
        counter = self.counter
        counter.until(lambda: any(each.name == counter.words("Online") for each in counter.screen()), "the last upload")
        self.way.leave()

    @property
    def _style(self) -> Format:
        return Format(self.counter.words.language)

    def _choose_pin(self, badge: Text, pin: str, chosen: str) -> None:
        """Sign in for the first time; nobody has opened a shift yet."""
        self.way.choose(badge)
        self.counter.wait_for("Type your PIN, then Enter.")
        self._pin(pin)
        for asked in ("Choose a new PIN, then Enter.", "Type the new PIN once more."):
            self.counter.wait_for(asked)
            self._pin(chosen)
        self.counter.wait_for("How much cash is in the drawer to begin with?")

    def _pin(self, pin: str) -> None:
        self.way.type(pin)
        self.way.enter("Continue")

    def _approve(self) -> None:
        self.counter.wait_for("Type your PIN, then Enter.", MANAGER)
        self.counter.picture("approval")
        self._pin(MANAGERS)
        self.counter.wait_gone("Not approved")

    def _items(self, count: int) -> None:
        self.counter.wait_for(self.counter.words("Items: {count}", count=self._style.number(count)))

    def _in_unit(self, message: str) -> str:
        return self.counter.words(message, unit=self._style.unit_name)

    def _pieces(self, rial: int) -> str:
        return self.counter.words("Pieces of {amount}", amount=f"{self._style.amount(rial)} {self._style.unit_name}")

    def _receipt(self) -> None:
        """Wait for the news of a sale, and keep its receipt's number."""
        def numbers() -> list[str]:
            said = " ".join(each.name for each in self.counter.screen() if each.role == "label")
            return [each for each in RECEIPT.findall(said) if each not in self.done.receipts]

        self.counter.until(lambda: bool(numbers()), "the receipt")
        self.done.receipts.append(numbers()[0])

    def _phone_shown(self) -> str:
        """Read the member's phone from the screen."""
        said = (re.sub(r"\s", "", fold_digits(each.name)) for each in self.counter.screen() if each.role == "label")
        return next(each for each in said if PHONE.fullmatch(each))


WHOLE = (Day.come, Day.sell_to_a_member, Day.pay_a_little_of_everything, Day.sell_to_somebody_found, Day.take_back, Day.enrol,
         Day.take_cash_out, Day.speak_otherwise, Day.look_back, Day.go_and_come, Day.train, Day.close, Day.go_home)
QUICK = tuple(part for part in WHOLE if part is not Day.train)
