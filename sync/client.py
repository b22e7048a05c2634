"""What a station may ask of head office, one method a path of the protocol."""

from collections.abc import Callable

import msgspec
import zstandard

from sync import wire_returns
from sync.keys import Identity, OfficeKey
from sync.line import Call, Line, Link, good, posted, utc_us
from sync.wire import (
    ENTRIES_TYPE,
    HASH_PATH,
    HELLO_PATH,
    JOURNAL_PATH,
    BatchHead,
    HeldHash,
    Hello,
    Packed,
    Receipt,
    Welcome,
)
from sync.wire_aside import ASIDE_PATH, RETRY_PATH, AsideList, Retried, RetryAsked
from sync.wire_benefits import HISTORY_PATH, HistoryAsked, MemberHistory
from sync.wire_card_service import (
    BEGIN_PATH,
    GO_ON_PATH,
    RECORD_PATH,
    SUN_PATH,
    CardBegin,
    CardGoOn,
    CardStepTold,
    RecordAsked,
    RecordSigned,
    ServiceVerdict,
    SunAsked,
)
from sync.wire_cards import ANSWERS_PATH, ISSUER_KEYS_PATH, AnswersPage, IssuerKeysAnswer
from sync.wire_claims import CLAIM_ANSWER_PATH, CLAIM_PATH, ClaimAnswer, ClaimBegin, ClaimBegun, ClaimJudged
from sync.wire_coupons import COUPONS_PATH, CouponAsked, CouponsCalled
from sync.wire_feeds import (
    BLOCKS_FEED_PATH,
    BOOK_PATH,
    CHUNK_PATH,
    MEMBERS_FEED_PATH,
    PACK_PATH,
    PIN_PATH,
    SHELF_FEED_PATH,
    STAFF_FEED_PATH,
    BlocksPage,
    MembersPage,
    NewPin,
    NextPack,
    PinKept,
    ShelfPage,
    SignedBook,
    SignedPack,
    StaffPage,
)
from sync.wire_phones import LINK_PATH, LinkAsked, LinkMade
from sync.wire_returns import ReturnAsked, ReturnDropped, ReturnTold, RulesAsked, TurnOver
from sync.wire_spending import (
    ASK_PATH,
    AVAILABLE_PATH,
    CLOSE_PATH,
    COMMIT_PATH,
    RESERVE_PATH,
    VOID_PATH,
    Available,
    AvailableAsked,
    CloseLease,
    Commit,
    LeaseAnswer,
    LeasesAsked,
    LeasesGranted,
    ReservationAnswer,
    Reserve,
    Reserved,
    Void,
)
from sync.wire_trust import KEYS_PATH, PAIR_PATH, KeyChange, KeyTaken, PairAnswer, PairRequest

__all__ = ["HeadOffice", "Identity", "Link", "OfficeKey"]
ZSTD_LEVEL = 6
"""13 % less on the wire than level 3 for 7 µs of the station's time a sale (docs/scale.md)."""


class HeadOffice:
    """Head office as this station may ask it. Not for use by two threads at once, but for ``pack``.

    Every method raises ``StationError`` as ``sync.line.Line``.
    """

    def __init__(
        self, link: Link, identity: Identity | None = None, office: OfficeKey | None = None, *,
        clock: Callable[[], int] = utc_us, look: Callable[[], Identity] | None = None,
    ) -> None:
        self._line = Line(link, identity, office, clock=clock, look=look)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def pair(self, request: PairRequest) -> PairAnswer:
        """Ask in with a one-time code; not signed yet. Also raises PAIRING_REFUSED."""
        return self._line.read(self._line.unproven(posted(PAIR_PATH, request)), PairAnswer)

    def change_key(self, change: KeyChange) -> KeyTaken:
        """Name the station's next key."""
        return self._line.ask(posted(KEYS_PATH, change), KeyTaken)

    def sign_as(self, key: bytes, former: bytes) -> None:
        """Sign with the raw private ``key`` from now on; ``former`` is the one before."""
        self._line.sign_as(key, former)

    def now_us(self) -> int:
        """Return head office's time (µs since 1970 UTC): this machine's until the first answer."""
        return self._line.now_us()

    def hello(self, hello: Hello) -> Welcome:
        """Say where the journal stands. Also raises JOURNAL_FORKED."""
        return self._line.ask(posted(HELLO_PATH, hello), Welcome)

    def pack(self, entries: bytes) -> Packed:
        """Return ``entries`` (NDJSON) as they travel; any thread may call it at any time."""
        return Packed(zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(entries))

    def put_batch(self, head: BatchHead, entries: Packed) -> Receipt:
        """Upload ``entries``. Also raises JOURNAL_GAP (``wanted``) and JOURNAL_FORKED."""
        headers = {"Content-Type": ENTRIES_TYPE, "Content-Encoding": "zstd"}
        query = {name: value for name, value in msgspec.to_builtins(head).items() if value}
        return self._line.ask(Call("PUT", JOURNAL_PATH, query, headers, entries), Receipt)

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        """Return the hash (hexadecimal) head office holds of entry ``seq`` of a journal, None for none."""
        return self._line.ask(Call("GET", HASH_PATH, {"incarnation": incarnation, "seq": seq}), HeldHash).hash

    def put_aside(self) -> AsideList:
        """Return what head office put aside of this station's journals."""
        return self._line.ask(Call("GET", ASIDE_PATH), AsideList)

    def retry(self, asked: RetryAsked) -> Retried | None:
        """Have an entry tried again; None when it does not stand aside."""
        return self._line.perhaps(posted(RETRY_PATH, asked), Retried)

    def members_page(self, cursor: str, incarnation: str) -> MembersPage:
        """Return the page of the member feed after ``cursor``, as it counts ``incarnation``'s entries."""
        query = {"cursor": cursor, "incarnation": incarnation}
        return self._line.ask(Call("GET", MEMBERS_FEED_PATH, query), MembersPage)

    def shelf_page(self, cursor: str) -> ShelfPage:
        """Return the page of the goods feed after ``cursor``."""
        return self._line.ask(Call("GET", SHELF_FEED_PATH, {"cursor": cursor}), ShelfPage)

    def blocks_page(self, cursor: str) -> BlocksPage:
        """Return the page of the block list after ``cursor``."""
        return self._line.ask(Call("GET", BLOCKS_FEED_PATH, {"cursor": cursor}), BlocksPage)

    def staff_page(self, cursor: str) -> StaffPage:
        """Return the page of the staff feed after ``cursor``."""
        return self._line.ask(Call("GET", STAFF_FEED_PATH, {"cursor": cursor}), StaffPage)

    def new_pin(self, chosen: NewPin) -> PinKept:
        """Hand up a PIN that somebody chose here."""
        return self._line.ask(posted(PIN_PATH, chosen), PinKept)

    def phone_link(self, asked: LinkAsked) -> LinkMade | None:
        """Return a link by which a phone becomes a card, None for a member head office does not know."""
        return self._line.perhaps(posted(LINK_PATH, asked), LinkMade)

    def member_history(self, asked: HistoryAsked) -> MemberHistory | None:
        """Return what a member had of the club, None for a member head office does not know."""
        return self._line.perhaps(Call("GET", HISTORY_PATH, msgspec.to_builtins(asked)), MemberHistory)

    def coupons_called(self, asked: CouponAsked) -> CouponsCalled:
        """Return the coupons with a printed number."""
        return self._line.ask(Call("GET", COUPONS_PATH, msgspec.to_builtins(asked)), CouponsCalled)

    def ask_return(self, asked: ReturnAsked) -> ReturnTold | None:
        """Ask for the turn at a sale; None when head office does not know it. Also raises RETURN_UNDER_WAY."""
        return self._line.perhaps(posted(wire_returns.ASK_PATH, asked), ReturnTold)

    def drop_return(self, dropped: ReturnDropped) -> TurnOver:
        """Give the turn at a sale back."""
        return self._line.ask(posted(wire_returns.DROP_PATH, dropped), TurnOver)

    def rules(self, asked: RulesAsked) -> SignedPack | None:
        """Return the rule pack of a sale, None for one that was never published."""
        return self._line.perhaps(Call("GET", wire_returns.RULES_PATH, msgspec.to_builtins(asked)), SignedPack)

    def next_pack(self, after: int) -> NextPack:
        """Return the next rule pack above number ``after`` that is or will be in force."""
        return self._line.ask(Call("GET", PACK_PATH, {"after": after}), NextPack)

    def issuer_keys(self, after: int) -> IssuerKeysAnswer:
        """Return the list of keys that sign cards when its version is above ``after``."""
        return self._line.ask(Call("GET", ISSUER_KEYS_PATH, {"after": after}), IssuerKeysAnswer)

    def answers_page(self, cursor: str) -> AnswersPage:
        """Return the page of the next answers of chips after ``cursor``."""
        return self._line.ask(Call("GET", ANSWERS_PATH, {"cursor": cursor}), AnswersPage)

    def book(self, incarnation: str) -> SignedBook | None:
        """Return the newest whole member book, as it counts ``incarnation``'s entries, or None when there is none."""
        return self._line.perhaps(Call("GET", BOOK_PATH, {"incarnation": incarnation}), SignedBook)

    def book_chunk(self, digest: str, number: int) -> bytes:
        """Return piece ``number`` of the book with this ``digest`` (hexadecimal)."""
        return good(self._line.asked(Call("GET", CHUNK_PATH, {"digest": digest, "number": number}))).body

    def available(self, asked: AvailableAsked) -> Available:
        """Return how much of an account can be reserved."""
        return self._line.ask(posted(AVAILABLE_PATH, asked), Available)

    def reserve(self, reserve: Reserve) -> Reserved:
        """Have something set aside. Also raises SPENDING_SHORT (``available``)."""
        return self._line.ask(posted(RESERVE_PATH, reserve), Reserved)

    def begin_claim(self, begin: ClaimBegin) -> ClaimBegun:
        """Begin a claim."""
        return self._line.ask(posted(CLAIM_PATH, begin), ClaimBegun)

    def answer_claim(self, answer: ClaimAnswer) -> ClaimJudged | None:
        """Have an answer judged; None for a claim that head office does not know."""
        return self._line.perhaps(posted(CLAIM_ANSWER_PATH, answer), ClaimJudged)

    def commit(self, commit: Commit) -> ReservationAnswer | None:
        """Say which sale a reservation was for; None when head office does not know the reservation."""
        return self._line.perhaps(posted(COMMIT_PATH, commit), ReservationAnswer)

    def void(self, void: Void) -> ReservationAnswer | None:
        """Give a reservation back; None when head office does not know it."""
        return self._line.perhaps(posted(VOID_PATH, void), ReservationAnswer)

    def leases(self, asked: LeasesAsked) -> LeasesGranted:
        """Return the live leases of a journal, new ones among them."""
        return self._line.ask(posted(ASK_PATH, asked), LeasesGranted)

    def close_lease(self, closed: CloseLease) -> LeaseAnswer | None:
        """Ask whether the end of a lease is booked; None when head office does not know the lease."""
        return self._line.perhaps(posted(CLOSE_PATH, closed), LeaseAnswer)

    def begin_card(self, begin: CardBegin) -> CardStepTold:
        """Have head office begin to speak with a chip."""
        return self._line.ask(posted(BEGIN_PATH, begin), CardStepTold)

    def go_on_card(self, go_on: CardGoOn) -> CardStepTold | None:
        """Hand on what the chip answered; None when head office has no such session (any more)."""
        return self._line.perhaps(posted(GO_ON_PATH, go_on), CardStepTold)

    def check_sun(self, asked: SunAsked) -> ServiceVerdict:
        """Have the code of a tap checked."""
        return self._line.ask(posted(SUN_PATH, asked), ServiceVerdict)

    def sign_record(self, asked: RecordAsked) -> RecordSigned:
        """Have a card record signed."""
        return self._line.ask(posted(RECORD_PATH, asked), RecordSigned)
