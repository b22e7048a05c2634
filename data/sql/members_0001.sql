CREATE TABLE member (
    member_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    tier TEXT NOT NULL,
    points INTEGER NOT NULL,
    last_visit TEXT NOT NULL,
    segments BLOB NOT NULL,
    birth BLOB NOT NULL,
    purchases INTEGER NOT NULL
) STRICT, WITHOUT ROWID
--
CREATE INDEX member_by_phone ON member (phone)
--
CREATE TABLE card (
    hash INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    status TEXT NOT NULL
) STRICT
--
CREATE INDEX card_by_member ON card (member_id)
--
CREATE TABLE feed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    projected INTEGER NOT NULL
) STRICT
