"""The product's words: gettext catalogues, English sentences as message ids, named placeholders."""

import gettext
from pathlib import Path

from drivers.writer_port import CardLeft
from station.card import CardStatus, CardTier
from station.errors import ErrorCode, StationError
from station.protection import Protection
from station.proving import ProofNote
from ui.format import Format

DOMAIN = "station"
LANGUAGES = ("fa", "en")
SOURCE_LANGUAGE = "en"
LOCALE = Path(__file__).parent / "locale"
_RIGHT_TO_LEFT = frozenset({"fa"})
_LRM = "\u200e"


def mark(message: str) -> str:
    """Return ``message`` as it is: it only tells the extractor that it will be translated later."""
    return message


class Words:
    """The sentences of one language.

    English is the language of the message ids and needs no catalogue. Raises ``ValueError`` for a
    language the product does not speak, ``FileNotFoundError`` when its catalogue was not compiled:
    an incomplete build, never answered with another language.
    """

    def __init__(self, language: str) -> None:
        """Load the catalogue of ``language`` ("fa" or "en")."""
        if language not in LANGUAGES:
            message = f"the product does not speak {language!r}"
            raise ValueError(message)
        self.language = language
        self.rtl = language in _RIGHT_TO_LEFT
        self._catalogue = (
            gettext.NullTranslations() if language == SOURCE_LANGUAGE
            else gettext.translation(DOMAIN, LOCALE, [language]))

    def __call__(self, message: str, **values: str) -> str:
        """Return ``message`` in this language with its ``{placeholders}`` filled by ``values``."""
        return self._catalogue.gettext(message).format(**values)

    def context(self, context: str, message: str, **values: str) -> str:
        """Return the short word ``message`` as it is meant in ``context``, filled like a call."""
        return self._catalogue.pgettext(context, message).format(**values)

    def error(self, fault: StationError) -> str:
        """Return the sentence for ``fault`` with its number in parentheses, as in "… (E202)"."""
        message, fields = _DETAILED.get(fault.code, ("", ()))
        if not message or any(name not in fault.detail for name in fields):
            message, fields = SENTENCES[fault.code], ()
        if fault.code is ErrorCode.CARD_NOT_ACTIVE:
            message = _CARD_SENTENCES.get(str(fault.detail.get("status")), message)
        message = _LEFT_SENTENCES.get((fault.code, str(fault.detail.get("left"))), message)
        values = {name: self._detail(name, fault.detail[name]) for name in fields}
        return f"{self(message, **values)} (E{fault.code.value})"

    def _detail(self, name: str, value: int | str) -> str:
        """Return a value of a fault as it stands in its sentence; technical words keep their own direction."""
        style = Format(self.language)
        if name == "day":
            return style.date(str(value))
        if isinstance(value, str):
            return f"{_LRM}{value}{_LRM}" if self.rtl else value
        return style.quantity(value) if name == "left" else style.number(value)

    def card_tier(self, tier: CardTier) -> str:
        """Return the honest label of what a card of ``tier`` can prove and prevent."""
        return self(TIER_LABELS[tier])

    def proof_note(self, note: ProofNote) -> str:
        """Return the sentence on why a card proved no more."""
        return self(PROOF_NOTES[note])

    def protection(self, protection: Protection) -> str:
        """Return the honest sentence on how well this station's files are protected."""
        return self(PROTECTIONS[protection])


SENTENCES: dict[ErrorCode, str] = {
    ErrorCode.READER_SERVICE_DOWN: mark("The card reader service is not running."),
    ErrorCode.READER_GONE: mark("The card reader is unplugged."),
    ErrorCode.READER_BUSY: mark("Another program is using the card reader."),
    ErrorCode.READER_DRIVER_MISSING: mark("The driver of this card reader is not installed."),
    ErrorCode.READER_FORBIDDEN: mark("This user may not use the card reader."),
    ErrorCode.CARD_UNREADABLE: mark("The card could not be read. Present it once more."),
    ErrorCode.CARD_SILENT: mark("The card stopped answering. Present it once more."),
    ErrorCode.CARD_NUMBER_RANDOM: mark(
        "This card changes its number at every tap and cannot serve as a membership card."),
    ErrorCode.CARD_UNKNOWN: mark("This card is not a card of the club."),
    ErrorCode.CARD_NOT_ACTIVE: mark("This card is not active."),
    ErrorCode.CARD_FORGED: mark("This card is forged. Do not accept it."),
    ErrorCode.CARD_REPLAYED: mark(
        "This code was shown before: it may come from a copy of the card. Ask for the card or the phone itself."),
    ErrorCode.CARD_OUT_OF_DATE: mark("This card is out of date. It has to be replaced."),
    ErrorCode.PASS_OUT_OF_TIME: mark(
        "The code on the phone is not of this minute. Let the phone show a new one; if it is refused again, check both clocks."),
    ErrorCode.MEMBER_UNKNOWN: mark("This member is not known at this station."),
    ErrorCode.SIGN_IN_REFUSED: mark("This PIN is not right."),
    ErrorCode.SIGN_IN_LOCKED: mark("Too many wrong PINs."),
    ErrorCode.PIN_TOO_WEAK: mark("This PIN is too easy to guess. Choose another one, not in a row and not all the same digit."),
    ErrorCode.PIN_TO_REPLACE: mark("This PIN was set by head office. Sign in with it once and choose your own; that one approves."),
    ErrorCode.CARD_IS_BADGE: mark("This is a badge of somebody who works here. It is not needed now, and it is no card of the club."),
    ErrorCode.CARD_OWN: mark("This is your own membership: it gives nothing on sales you make yourself. Let a colleague ring it up."),
    ErrorCode.OWN_LEFT_OUT: mark(
        "Your own membership was taken out of the basket: it gives nothing on sales you make yourself. Let a colleague ring it up."),
    ErrorCode.MEMBER_NOT_SHOWN: mark(
        "This is told only to the member: let the card be shown, or have the member proven without it."),
    ErrorCode.PRODUCT_UNKNOWN: mark("No item has this code. The basket is unchanged."),
    ErrorCode.BASKET_IN_THE_WAY: mark("Another basket is open. Hold it, or empty it, then recall this one."),
    ErrorCode.PARKED_GONE: mark("This basket waits no more: it was recalled before."),
    ErrorCode.LABEL_FIXED: mark(
        "The label says how much this is. Scan each packet by itself; to change one, remove its line."),
    ErrorCode.BASKET_IN_HAND: mark("A basket is in hand. Finish it, hold it or drop it first."),
    ErrorCode.BASKET_EMPTY: mark("The basket is empty."),
    ErrorCode.TENDER_SHORT: mark("The payment does not reach the total."),
    ErrorCode.TENDER_INVALID: mark("This payment amount is not possible."),
    ErrorCode.QUANTITY_INVALID: mark("The quantity must be above 0 and at most 9999."),
    ErrorCode.PACK_MISSING: mark("The club's rules have not arrived from head office yet."),
    ErrorCode.SHIFT_CLOSED: mark("No shift is open."),
    ErrorCode.HAND_NOT_ALLOWED: mark("This is more than you may give by hand. A higher role can approve it."),
    ErrorCode.RETURN_TOO_MUCH: mark("More would come back than was sold."),
    ErrorCode.RETURN_NOT_ALLOWED: mark(
        "Without their sale goods come back only with a second person's approval, "
        "gift cards and top-ups not at all."),
    ErrorCode.TRACE_INVALID: mark("Type the trace number that the terminal printed: 1 to 12 digits, each number once."),
    ErrorCode.TENDER_OVER: mark("Only cash may be more than what remains to be paid."),
    ErrorCode.GIFT_CARD_INVALID: mark("This is not the code of a gift card."),
    ErrorCode.COUPON_UNKNOWN: mark("No rule of the club knows this coupon."),
    ErrorCode.COUPON_USED: mark("This coupon was used already: it counts once."),
    ErrorCode.COUPON_OVER: mark("The day of this coupon is over."),
    ErrorCode.COUPON_OF_ANOTHER: mark("This coupon is a member's own. Show the card of the member it was given to."),
    ErrorCode.COUPON_ENDED: mark("This coupon ended: the purchase it was given for was brought back."),
    ErrorCode.COUPON_ELSEWHERE: mark(
        "This till does not know this coupon, and head office cannot be asked now. It can be used at the till that gave it, or once the connection is back."),
    ErrorCode.COUPON_TWICE: mark("A coupon for the same offer is in the basket already. Keep this one for another visit."),
    ErrorCode.MEMBER_MISSING: mark("Show the member's card first."),
    ErrorCode.ACCOUNT_MISSING: mark("A gift card or top-up is sold together with its card or wallet."),
    ErrorCode.TAX_UNKNOWN: mark("The club's rules do not know a tax of this item. Tell head office."),
    ErrorCode.SHIFT_OPEN: mark("A shift is open already."),
    ErrorCode.COUNT_REASON_MISSING: mark("The count differs from the expected cash. Choose a reason."),
    ErrorCode.SALE_UNKNOWN: mark("There is no such sale in this station's journal."),
    ErrorCode.APPROVAL_MISSING: mark("A second person has to approve this."),
    ErrorCode.APPROVER_MISSING: mark(
        "Nobody signs in at this till, and this needs a second person. Do it where people sign in, "
        "or have head office set up people for this shop."),
    ErrorCode.LEASE_SHORT: mark("While head office cannot be reached, this much cannot be spent."),
    ErrorCode.SPENDING_SHORT: mark("There is not this much to spend."),
    ErrorCode.RETURN_OWN: mark("This is your own purchase. Let a colleague take it back."),
    ErrorCode.VOID_TOO_LATE: mark(
        "Only the sale just made in this shift can be voided, once and before anything of it came back. Take it back as a return."),
    ErrorCode.SALE_ELSEWHERE: mark(
        "This receipt is of another till, whose sales are not known here. Take it back there, or without its sale with a second person."),
    ErrorCode.SALE_OUT_OF_REACH: mark(
        "What was paid for this receipt is known at head office only, and head office cannot be reached now. "
        "Try again when it can, or take the goods back without their sale: a second person has to approve that."),
    ErrorCode.SALE_NOT_YET: mark(
        "Head office does not know this receipt yet: its till has not sent it, or the number is wrong. Try again later, "
        "take the goods back at that till, or without their sale: a second person has to approve that."),
    ErrorCode.RETURN_UNDER_WAY: mark(
        "Goods of this receipt are coming back at another till, or just came back there. Try again in 10 minutes."),
    ErrorCode.RETURN_CHANGED: mark(
        "Goods of this receipt came back at another till meanwhile. Nothing was done: look again at what can still come back."),
    ErrorCode.TRACE_MISSING: mark("Refund it on the bank terminal first, then type the trace number of the refund: digits only."),
    ErrorCode.DISK_FULL: mark("The disk is full. Nothing was recorded."),
    ErrorCode.DISK_READ_ONLY: mark("The disk cannot be written. Nothing was recorded."),
    ErrorCode.DISK_FAULT: mark("The disk reported a fault. This was not recorded. Try again; if it stays, call support."),
    ErrorCode.DATABASE_LOCKED: mark("Another program holds the database. Nothing was recorded."),
    ErrorCode.DATABASE_CORRUPT: mark("The database is damaged. Nothing was recorded. Try again; if it stays, call support."),
    ErrorCode.DATABASE_NEWER: mark("The database belongs to a newer version of this program."),
    ErrorCode.DATABASE_KEY_WRONG: mark("The database cannot be opened: it has another key, or is damaged. Call support."),
    ErrorCode.DATABASE_UNAVAILABLE: mark("The database cannot be opened."),
    ErrorCode.NO_PERSONAL_DATA: mark(
        "Encryption is not installed here, so no member data is kept. Selling goes on without membership."),
    ErrorCode.KEY_LOST: mark(
        "The key of this station's data cannot be had. Sign in as the usual user and unlock the key store. "
        "If the key is gone, head office can restore it; nothing recorded is lost."),
    ErrorCode.JOURNAL_BROKEN: mark("The journal has been altered or damaged. Call support."),
    ErrorCode.JOURNAL_OLDER: mark(
        "The data of this station is an older copy than it had before. Selling goes on under a new number. "
        "Tell head office: sales after the copy was made may be missing here."),
    ErrorCode.JOURNAL_COPIED: mark(
        "The data of this station was copied from another computer. Selling goes on under a new number. "
        "The other computer must not sell any more."),
    ErrorCode.BACKUP_DAMAGED: mark("This backup is damaged or incomplete. Nothing was restored."),
    ErrorCode.BACKUP_UNWRITABLE: mark("The folder for backups is not there or cannot be written. No backup was made."),
    ErrorCode.JOURNAL_IN_THE_WAY: mark(
        "This folder has a journal already. To restore over it, name the folder; the journal there is kept aside."),
    ErrorCode.LOOK_INVALID: mark(
        "How the counter is to look could not be understood from its file. The usual language, colours and size are used."),
    ErrorCode.SETTINGS_INVALID: mark("The settings in station.toml are not understood. Correct the file, or take it away, and try again."),
    ErrorCode.ADDRESS_INVALID: mark("This is no address of a head office. It looks like office.example:8443, and begins with https where it says so."),
    ErrorCode.PRINTING_FAILED: mark("A paper could not be made: a fault of the program, which is in its log. The receipt is kept."),
    ErrorCode.PRINTER_NOWHERE: mark("Say where the printer is: its address on the network, or the port it hangs on."),
    ErrorCode.TRAINING_CUT_OFF: mark(
        "The program ended in the middle of training, so it goes on in training. For real sales choose “End training” in the menu (F10)."),
    ErrorCode.FILE_UNWRITABLE: mark("The file cannot be written there. Close it where it is open, or choose another folder."),
    ErrorCode.ENTRY_CUT_OFF: mark("This entry was cut off here after head office had it: it cannot be opened or printed here any more, only there."),
    ErrorCode.HEAD_OFFICE_UNREACHABLE: mark("Head office cannot be reached. Selling goes on."),
    ErrorCode.HEAD_OFFICE_REFUSED: mark("Head office refused the request."),
    ErrorCode.HEAD_OFFICE_BUSY: mark("Head office is busy. The station tries again by itself."),
    ErrorCode.ANSWER_INVALID: mark("Head office gave an answer that makes no sense."),
    ErrorCode.NOT_PAIRED: mark("This station is not paired with head office."),
    ErrorCode.PAIRING_REFUSED: mark("Head office refused the pairing code."),
    ErrorCode.JOURNAL_FORKED: mark("Head office knows another journal of this station. Call support."),
    ErrorCode.JOURNAL_GAP: mark("Head office misses earlier entries of this station."),
    ErrorCode.SIGNATURE_INVALID: mark("A signature is not genuine. Nothing was accepted."),
    ErrorCode.SYNC_FAILED: mark("Sending to head office failed for an unknown reason. Call support."),
    ErrorCode.PACK_INVALID: mark("The new rules from head office are not valid. The old ones stay in force."),
    ErrorCode.PACK_OLDER: mark("Head office offers older rules than those here. They were not taken."),
    ErrorCode.MEMBERS_INVALID: mark("The new member book from head office is not whole. The old one stays in use."),
    ErrorCode.FEED_OLDER: mark("Head office offers older data than that here. It was not taken."),
    ErrorCode.MEMBERS_OLDER: mark("Head office offers older member data than that here. It was not taken."),
    ErrorCode.ENTRIES_CUT_OFF: mark(
        "Head office wants entries again that were cut off here. Only a backup of head office or of this station has them."),
    ErrorCode.HEAD_OFFICE_UNTRUSTED: mark(
        "What answers at head office's address is not head office. Nothing was sent or taken. Call support."),
    ErrorCode.STATION_REVOKED: mark(
        "Head office has revoked this station. Sales are still sent there, but nothing comes down. Call support."),
    ErrorCode.PAIRING_UNPROVEN: mark(
        "What answers there did not prove to be head office: the code was mistyped, or somebody stands between. "
        "Nothing was kept."),
    ErrorCode.STICK_UNUSABLE: mark("The folder for the exchange is not there or cannot be written."),
    ErrorCode.STICK_INVALID: mark("A file from head office is damaged or not for this station. Nothing of it was taken."),
    ErrorCode.STILL_ASIDE: mark("Head office tried this entry again and could not post it: it stays put aside."),
    ErrorCode.PRINTER_UNAVAILABLE: mark("The printer does not answer. The receipt is kept."),
    ErrorCode.CARD_IS_BANK_CARD: mark("This is a bank card. Nothing of it was kept. Please show a club card."),
    ErrorCode.CARD_IS_PHONE: mark("This is a phone wallet, not a membership card. Ask for the card or the club's code."),
    ErrorCode.CARD_NOT_OF_CLUB: mark("What was read is not a card of this club."),
    ErrorCode.SWIPE_INCOMPLETE: mark("The card was not read to its end. Swipe it again."),
    ErrorCode.CARD_NOT_BLANK: mark("This card is not blank. It was left as it is."),
    ErrorCode.CARD_TOO_SMALL: mark("This card has too little room. It was left as it is."),
    ErrorCode.CARD_LOCKED: mark("This card is locked against writing. It was left as it is."),
    ErrorCode.WRITE_FAILED: mark("The card could not be written. Do not give it out."),
    ErrorCode.WRITE_NOT_VERIFIED: mark("What is on the card is not what was written. Do not give it out."),
    ErrorCode.CARD_NOT_WRITABLE: mark("This kind of card cannot be written here. It was left as it is."),
    ErrorCode.WRITER_UNAVAILABLE: mark("No device is connected that writes such cards."),
    ErrorCode.CARD_TAKEN: mark("This card was given out already."),
    ErrorCode.CARD_IN_USE: mark("This card was shown for the basket in hand. Finish or drop that basket first."),
    ErrorCode.CLAIM_REFUSED: mark("This is not right, or it is over. Begin anew."),
    ErrorCode.CLAIM_LOCKED: mark("There were too many wrong answers or codes. Nothing can be proven for now."),
    ErrorCode.HOLDER_LIMIT: mark("Whoever holds this card may not spend this much today."),
    ErrorCode.PHONE_TAKEN: mark("Somebody with this phone is a member already."),
    ErrorCode.RECEIPT_USED: mark("This receipt was counted for a member already."),
    ErrorCode.HOLDER_NAME_INVALID: mark("The name is missing, or it is longer than 100 characters."),
    ErrorCode.HOLDER_NAME_TAKEN: mark("Somebody of this name is in the family already."),
    ErrorCode.NOT_ADMITTED: mark("The club's rules do not admit this person now."),
    ErrorCode.PRINTER_OFFLINE: mark("The printer is switched off or offline. The receipt is kept."),
    ErrorCode.PRINTER_PAPER_OUT: mark("The printer is out of paper. The receipt is kept."),
    ErrorCode.PRINTER_COVER_OPEN: mark("The printer's cover is open. The receipt is kept."),
    ErrorCode.DISPLAY_UNAVAILABLE: mark("The customer display does not answer."),
}

TIER_LABELS: dict[CardTier, str] = {
    CardTier.NUMBER: mark("Number card: anyone who sees it can copy it"),
    CardTier.ISSUED: mark("Issued card: cannot be invented, can be copied"),
    CardTier.CHANGING_CODE: mark("Changing code: copies are noticed"),
    CardTier.SHARED_SECRET: mark("Secret inside the card: cannot be copied by normal means"),
    CardTier.KEY_PAIR: mark("Own key pair in the card: cannot be copied by normal means"),
}

PROOF_NOTES: dict[ProofNote, str] = {
    ProofNote.NOT_CHECKED: mark("This card could not be checked here. Head office can check it."),
    ProofNote.KEY_UNKNOWN: mark("This station does not know the key this card was signed with."),
    ProofNote.KEY_NOT_IN_FORCE: mark("The key this card was signed with is not in force today. Check this station's date."),
    ProofNote.KEY_WITHDRAWN: mark("Head office has withdrawn the key this card was signed with. Replace the card."),
}

_CARD_SENTENCES = {
    CardStatus.BLOCKED.value: mark("This card is blocked."),
    CardStatus.LOST.value: mark("This card was reported lost."),
    CardStatus.REPLACED.value: mark("This card was replaced by a newer one."),
    CardStatus.EXPIRED.value: mark("This card has expired."),
}

_LEFT_SENTENCES = {
    (ErrorCode.WRITE_FAILED, CardLeft.UNCHANGED.value): mark("The card could not be written. It is as it was."),
    (ErrorCode.WRITE_FAILED, CardLeft.EMPTY.value): mark("Writing broke off. The card is empty and can be written again."),
    (ErrorCode.WRITE_FAILED, CardLeft.UNCHECKED.value): mark(
        "Writing broke off at its end. The card holds all or nothing: present it once more."),
    (ErrorCode.WRITE_FAILED, CardLeft.HALF.value): mark(
        "Writing broke off. The card may hold anything: do not give it out. It can be written over."),
    (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.EMPTY.value): mark(
        "What was written could not be read back. The card was emptied; take another one."),
    (ErrorCode.WRITE_NOT_VERIFIED, CardLeft.UNCHECKED.value): mark(
        "The card was written and not read back. Do not give it out before it was checked."),
}
"""What a write that did not come to its end left behind."""

PROTECTIONS: dict[Protection, str] = {
    Protection.HARDWARE: mark("Data here is encrypted; its key is bound to a chip of this computer."),
    Protection.OS_ACCOUNT: mark("Data here is encrypted; its key lies in the operating system's key store."),
    Protection.FILE: mark("Data here is encrypted, but its key lies on the same disk: weak."),
    Protection.NONE: mark("Data here is not encrypted, so nothing personal is kept."),
}

_DETAILED: dict[ErrorCode, tuple[str, tuple[str, ...]]] = {
    ErrorCode.STILL_ASIDE: (
        mark("Head office tried this entry again and could not post it: {reason}. It stays put aside."), ("reason",)),
    ErrorCode.KEY_LOST: (
        mark("The key of this station's data cannot be had from: {store}. Sign in as the usual user and unlock the "
             "key store. If the key is gone, head office can restore it; nothing recorded is lost."), ("store",)),
    ErrorCode.PIN_TOO_WEAK: (
        mark("This PIN is too easy to guess. Choose at least {digits} digits, not in a row and not all the same."), ("digits",)),
    ErrorCode.RETURN_TOO_MUCH: (mark("Of line {line} no more than {left} can still come back."), ("line", "left")),
    ErrorCode.COUPON_OVER: (mark("This coupon could be used through {day}. It is over."), ("day",)),
    ErrorCode.LEASE_SHORT: (
        mark("While head office cannot be reached, no more than {spendable} can be spent."), ("spendable",)),
    ErrorCode.SPENDING_SHORT: (mark("No more than {available} can be spent."), ("available",)),
    ErrorCode.CLAIM_REFUSED: (mark("This is not right. Tries left: {tries}."), ("tries",)),
    ErrorCode.CLAIM_LOCKED: (
        mark("There were too many wrong answers or codes. Nothing can be proven for another {minutes} minutes."), ("minutes",)),
    ErrorCode.HOLDER_LIMIT: (mark("Whoever holds this card may spend no more than {available} today."), ("available",)),
    ErrorCode.PACK_INVALID: (
        mark("The new rules from head office are not valid. The old ones stay in force. {reason}"), ("reason",)),
    ErrorCode.PACK_OLDER: (
        mark("Head office offers rules number {pack}, but number {held} is here. They were not taken."),
        ("pack", "held")),
}
"""Sentences for faults that carry figures, used when all of these are there."""
