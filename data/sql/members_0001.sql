CREATE TABLE card (
    hash INTEGER PRIMARY KEY,
    member_id ANY NOT NULL,
    status INTEGER NOT NULL,
    holder TEXT
) STRICT
--
CREATE TABLE holder (
    member_id ANY NOT NULL,
    holder_id TEXT NOT NULL,
    name TEXT NOT NULL,
    points_per_day INTEGER,
    value_per_day INTEGER,
    PRIMARY KEY (member_id, holder_id)
) STRICT, WITHOUT ROWID
--
CREATE TABLE coupon (
    member_id ANY NOT NULL,
    code TEXT NOT NULL,
    number INTEGER NOT NULL,
    promotion TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (member_id, code)
) STRICT, WITHOUT ROWID
--
CREATE INDEX coupon_called ON coupon (number)
--
CREATE TABLE member (
    member_id ANY PRIMARY KEY NOT NULL,
    tier TEXT NOT NULL,
    points INTEGER NOT NULL,
    purchases INTEGER NOT NULL,
    last_visit TEXT,
    segments BLOB,
    cards BLOB NOT NULL,
    person INTEGER,
    told BLOB
) STRICT, WITHOUT ROWID
--
CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    member_id ANY NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    birth INTEGER
) STRICT
--
CREATE INDEX person_by_phone ON person (phone)
--
CREATE TABLE name (
    start BLOB NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (start, person)
) STRICT, WITHOUT ROWID
--
CREATE TABLE stamp (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    taken_us INTEGER NOT NULL
) STRICT
--
CREATE TABLE feed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    projected INTEGER NOT NULL
) STRICT
--
CREATE TABLE blocks (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT
