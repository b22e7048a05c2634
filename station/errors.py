"""Numbered faults and refusals. Sentences for people live in ``ui`` and ``headoffice`` only."""

from enum import IntEnum


class ErrorCode(IntEnum):
    """Stable numbers: 1xx reader, 2xx card and member, 3xx basket and sale, 4xx data, 5xx sync, 6xx printer."""

    READER_SERVICE_DOWN = 101
    READER_GONE = 102
    READER_BUSY = 103
    READER_DRIVER_MISSING = 104
    READER_FORBIDDEN = 105
    CARD_UNREADABLE = 111
    CARD_SILENT = 112
    CARD_NUMBER_RANDOM = 113
    CARD_IS_BANK_CARD = 114
    CARD_IS_PHONE = 115
    CARD_NOT_OF_CLUB = 116
    SWIPE_INCOMPLETE = 117
    CARD_NOT_BLANK = 121
    CARD_TOO_SMALL = 122
    CARD_LOCKED = 123
    WRITE_FAILED = 124
    WRITE_NOT_VERIFIED = 125
    CARD_NOT_WRITABLE = 126
    WRITER_UNAVAILABLE = 127

    CARD_UNKNOWN = 201
    CARD_NOT_ACTIVE = 202
    MEMBER_UNKNOWN = 203
    CARD_FORGED = 204
    CARD_REPLAYED = 205
    CARD_OUT_OF_DATE = 206
    PASS_OUT_OF_TIME = 207
    CARD_TAKEN = 208
    CARD_IN_USE = 209
    CLAIM_REFUSED = 210
    CLAIM_LOCKED = 211
    HOLDER_LIMIT = 212
    PHONE_TAKEN = 213
    NOT_ADMITTED = 214
    RECEIPT_USED = 215

    SIGN_IN_REFUSED = 221
    SIGN_IN_LOCKED = 222
    PIN_TOO_WEAK = 223
    CARD_OWN = 224
    CARD_IS_BADGE = 225
    PIN_TO_REPLACE = 226
    MEMBER_NOT_SHOWN = 241

    PRODUCT_UNKNOWN = 301
    BASKET_EMPTY = 302
    TENDER_SHORT = 303
    TENDER_INVALID = 304
    QUANTITY_INVALID = 305
    PACK_MISSING = 306
    SHIFT_CLOSED = 307
    HAND_NOT_ALLOWED = 308
    RETURN_TOO_MUCH = 309
    RETURN_NOT_ALLOWED = 310
    ACCOUNT_MISSING = 311
    TAX_UNKNOWN = 312
    SHIFT_OPEN = 313
    COUNT_REASON_MISSING = 314
    SALE_UNKNOWN = 315
    APPROVAL_MISSING = 316
    LEASE_SHORT = 317
    SPENDING_SHORT = 318
    BASKET_IN_THE_WAY = 351
    PARKED_GONE = 352
    LABEL_FIXED = 353
    BASKET_IN_HAND = 354
    RETURN_OWN = 331
    VOID_TOO_LATE = 332
    SALE_ELSEWHERE = 333
    TRACE_MISSING = 334
    TRACE_INVALID = 341
    TENDER_OVER = 342
    GIFT_CARD_INVALID = 343
    MEMBER_MISSING = 344
    COUPON_UNKNOWN = 345

    DISK_FULL = 401
    DISK_READ_ONLY = 402
    DATABASE_LOCKED = 403
    DATABASE_CORRUPT = 404
    DATABASE_NEWER = 405
    DATABASE_KEY_WRONG = 406
    DATABASE_UNAVAILABLE = 407
    NO_PERSONAL_DATA = 408
    KEY_LOST = 409
    DISK_FAULT = 410
    JOURNAL_BROKEN = 411
    JOURNAL_OLDER = 412
    JOURNAL_COPIED = 413
    BACKUP_DAMAGED = 414
    BACKUP_UNWRITABLE = 415
    JOURNAL_IN_THE_WAY = 416
    FILE_UNWRITABLE = 417
    LOOK_INVALID = 421
    TRAINING_CUT_OFF = 422
    SETTINGS_INVALID = 423

    HEAD_OFFICE_UNREACHABLE = 501
    HEAD_OFFICE_REFUSED = 502
    HEAD_OFFICE_BUSY = 503
    ANSWER_INVALID = 504
    NOT_PAIRED = 505
    PAIRING_REFUSED = 506
    JOURNAL_FORKED = 507
    JOURNAL_GAP = 508
    SIGNATURE_INVALID = 509
    SYNC_FAILED = 510
    PACK_INVALID = 511
    PACK_OLDER = 512
    MEMBERS_INVALID = 513
    MEMBERS_OLDER = 514
    ENTRIES_CUT_OFF = 515
    FEED_OLDER = 516
    HEAD_OFFICE_UNTRUSTED = 521
    STATION_REVOKED = 522
    PAIRING_UNPROVEN = 523
    STICK_UNUSABLE = 531
    STICK_INVALID = 532
    ADDRESS_INVALID = 524
    STILL_ASIDE = 541

    PRINTER_UNAVAILABLE = 601
    PRINTER_OFFLINE = 602
    PRINTER_PAPER_OUT = 603
    PRINTER_COVER_OPEN = 604
    PRINTER_NOWHERE = 605
    PRINTING_FAILED = 606
    DISPLAY_UNAVAILABLE = 611


class StationError(Exception):
    """A fault of the world or a refusal, by ``code``, with the ``detail`` values its sentence needs.

    ``detail`` never holds a card number, a phone or a name: it goes into logs.
    """

    def __init__(self, code: ErrorCode, **detail: int | str) -> None:
        """Remember ``code`` and ``detail``."""
        self.code = code
        self.detail = detail
        words = " ".join(f"{key}={value}" for key, value in sorted(detail.items()))
        super().__init__(f"E{code.value} {code.name}{' ' if words else ''}{words}")
