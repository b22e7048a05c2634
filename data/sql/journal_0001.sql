CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    station TEXT NOT NULL,
    incarnation TEXT NOT NULL CHECK (length(incarnation) = 32),
    mark INTEGER NOT NULL DEFAULT 0
) STRICT
--
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    kind TEXT NOT NULL,
    raw BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT
--
CREATE TRIGGER entry_gapless BEFORE INSERT ON entry
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT raise(ABORT, 'journal entries are gapless'); END
--
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'journal entries are never changed'); END
--
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'journal entries are never deleted'); END
--
CREATE TABLE shift (
    number INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    cashier TEXT NOT NULL,
    business_date TEXT NOT NULL,
    opening_float INTEGER NOT NULL
) STRICT
--
CREATE TABLE sale (
    seq INTEGER PRIMARY KEY,
    sale_id TEXT NOT NULL UNIQUE,
    business_date TEXT NOT NULL,
    hour INTEGER NOT NULL,
    shift INTEGER NOT NULL,
    member_id TEXT,
    listed INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    total INTEGER NOT NULL,
    points INTEGER NOT NULL
) STRICT
--
CREATE INDEX sale_by_day ON sale (business_date)
--
CREATE TABLE points_entry (
    key TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    points INTEGER NOT NULL,
    rule TEXT NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE INDEX points_entry_by_member ON points_entry (member_id, seq)
--
CREATE TABLE promotion_use (
    promotion TEXT NOT NULL,
    seq INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    date TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (promotion, seq)
) STRICT, WITHOUT ROWID
--
CREATE INDEX promotion_use_by_member ON promotion_use (promotion, member_id, date)
--
CREATE INDEX promotion_use_by_date ON promotion_use (promotion, date)
--
CREATE TABLE print_job (
    seq INTEGER PRIMARY KEY
) STRICT
--
CREATE TABLE product (
    product_id TEXT PRIMARY KEY,
    barcode TEXT NOT NULL UNIQUE,
    document BLOB NOT NULL
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
    cursor TEXT NOT NULL
) STRICT, WITHOUT ROWID
