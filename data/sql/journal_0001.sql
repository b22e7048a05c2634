CREATE TABLE station (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    station TEXT NOT NULL,
    compacted INTEGER NOT NULL DEFAULT 0,
    compacted_hash BLOB,
    printed INTEGER NOT NULL DEFAULT 0
) STRICT
--
CREATE TABLE incarnation (
    before INTEGER PRIMARY KEY CHECK (before >= 0),
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
    mark INTEGER NOT NULL DEFAULT 0,
    of TEXT,
    base INTEGER NOT NULL DEFAULT 0 CHECK ((of IS NULL) = (base = 0))
) STRICT
--
CREATE TABLE entry (
    place INTEGER PRIMARY KEY CHECK (place >= 1),
    kind TEXT NOT NULL,
    raw BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT
--
CREATE TRIGGER entry_gapless BEFORE INSERT ON entry
WHEN new.place <> (SELECT coalesce(max(place), 0) + 1 FROM entry)
BEGIN SELECT raise(ABORT, 'journal entries are gapless'); END
--
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'journal entries are never changed'); END
--
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
WHEN old.place > (SELECT coalesce(max(compacted), 0) FROM station)
BEGIN SELECT raise(ABORT, 'journal entries are never deleted'); END
--
CREATE TABLE personal (
    place INTEGER PRIMARY KEY,
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    document BLOB NOT NULL
) STRICT
--
CREATE TABLE checkpoint (
    place INTEGER PRIMARY KEY,
    state BLOB NOT NULL
) STRICT
--
CREATE TABLE shift (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    cashier TEXT NOT NULL,
    business_date TEXT NOT NULL,
    opening_float INTEGER NOT NULL
) STRICT
--
CREATE TABLE shift_report (
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID
--
CREATE TABLE shift_total (
    shift INTEGER NOT NULL,
    tally TEXT NOT NULL,
    name TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (shift, tally, name)
) STRICT, WITHOUT ROWID
--
CREATE TABLE sale (
    place INTEGER PRIMARY KEY,
    sale_id TEXT NOT NULL,
    shift INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    member_id TEXT,
    listed INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    total INTEGER NOT NULL,
    points INTEGER NOT NULL,
    moved INTEGER NOT NULL
) STRICT
--
CREATE TABLE sale_return (
    place INTEGER PRIMARY KEY,
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    member_id TEXT,
    money INTEGER NOT NULL,
    moved INTEGER NOT NULL
) STRICT
--
CREATE INDEX sale_return_of ON sale_return (incarnation, seq)
--
CREATE TABLE promotion_use (
    promotion TEXT NOT NULL,
    member_id TEXT NOT NULL,
    date TEXT NOT NULL,
    uses INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (promotion, member_id, date)
) STRICT, WITHOUT ROWID
--
CREATE TABLE holder_use (
    member_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    date TEXT NOT NULL,
    points INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (member_id, holder, date)
) STRICT, WITHOUT ROWID
--
CREATE TABLE own_card (
    place INTEGER NOT NULL,
    card INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    status TEXT NOT NULL,
    was TEXT,
    holder TEXT,
    PRIMARY KEY (place, card)
) STRICT, WITHOUT ROWID
--
CREATE INDEX own_card_of ON own_card (card, place)
--
CREATE TABLE own_member (
    place INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    tier TEXT NOT NULL
) STRICT
--
CREATE INDEX own_member_of ON own_member (member_id)
--
CREATE TABLE own_holder (
    place INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    holder_id TEXT NOT NULL
) STRICT
--
CREATE INDEX own_holder_of ON own_holder (member_id)
--
CREATE TABLE own_told (
    place INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    tastes TEXT,
    area TEXT,
    given INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    birth INTEGER NOT NULL
) STRICT
--
CREATE INDEX own_told_of ON own_told (member_id)
--
CREATE TABLE own_answer (
    ask_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (ask_id, place)
) STRICT, WITHOUT ROWID
--
CREATE TABLE own_coupon (
    place INTEGER NOT NULL,
    code TEXT NOT NULL,
    number INTEGER NOT NULL,
    deed TEXT NOT NULL,
    member_id TEXT NOT NULL,
    promotion TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (place, code)
) STRICT, WITHOUT ROWID
--
CREATE INDEX own_coupon_called ON own_coupon (number)
--
CREATE INDEX own_coupon_of ON own_coupon (member_id) WHERE member_id <> ''
--
CREATE TABLE own_void (
    place INTEGER PRIMARY KEY,
    sale_id TEXT NOT NULL
) STRICT
--
CREATE INDEX own_void_of ON own_void (sale_id)
--
CREATE TABLE issuer_keys (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    document BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT
--
CREATE TABLE tap_answer (
    card INTEGER PRIMARY KEY,
    counter INTEGER NOT NULL,
    first INTEGER NOT NULL,
    answers BLOB NOT NULL
) STRICT
--
CREATE TABLE pass_taken (
    moment INTEGER NOT NULL,
    card INTEGER NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (moment, card, mark)
) STRICT, WITHOUT ROWID
--
CREATE TABLE open_basket (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    basket_id TEXT NOT NULL,
    document BLOB NOT NULL
) STRICT
--
CREATE TABLE parked (
    basket_id TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE TABLE cash_count (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    document BLOB NOT NULL
) STRICT
--
CREATE TABLE member_file (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    version INTEGER NOT NULL
) STRICT
--
CREATE TABLE product (
    product_id TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (product_id, from_us)
) STRICT, WITHOUT ROWID
--
CREATE TABLE barcode (
    barcode TEXT PRIMARY KEY,
    product_id TEXT NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE INDEX barcode_of ON barcode (product_id)
--
CREATE TABLE staff (
    staff_id TEXT PRIMARY KEY,
    badge INTEGER,
    document BLOB NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE TABLE staff_tries (
    staff_id TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL,
    at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE TABLE staff_pin (
    staff_id TEXT PRIMARY KEY,
    verifier TEXT NOT NULL,
    replaces TEXT NOT NULL,
    sent INTEGER NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE TABLE pack (
    number INTEGER PRIMARY KEY,
    effective_us INTEGER NOT NULL,
    document BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT
--
CREATE TABLE cursor (
    feed TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE TABLE lease (
    lease_id TEXT NOT NULL,
    lot_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    station TEXT NOT NULL,
    expires_us INTEGER NOT NULL,
    lot_expires_us INTEGER,
    spendable_until INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 1),
    used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND amount),
    closed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (lease_id, lot_id)
) STRICT
--
CREATE INDEX lease_by_account ON lease (kind, account)
--
CREATE TABLE hold (
    reservation_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 1),
    sale_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ASKED', 'SOLD', 'DROPPED')),
    incarnation TEXT NOT NULL DEFAULT '',
    seq INTEGER NOT NULL DEFAULT 0
) STRICT
--
CREATE TABLE put_aside (
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (incarnation, seq)
) STRICT, WITHOUT ROWID
--
CREATE TABLE server_time (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at_us INTEGER NOT NULL
) STRICT
