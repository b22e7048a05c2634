BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'members','members_0001','2026-11-27 20:38:05.961447+00:00');
CREATE TABLE blocks (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT
;
CREATE TABLE card (
    hash INTEGER PRIMARY KEY,
    member_id ANY NOT NULL,
    status INTEGER NOT NULL,
    holder TEXT
) STRICT;
INSERT INTO "card" VALUES(4042626147631480471,'m1',0,NULL);
INSERT INTO "card" VALUES(6869590891475427873,'m2',0,NULL);
CREATE TABLE coupon (
    member_id ANY NOT NULL,
    code TEXT NOT NULL,
    number INTEGER NOT NULL,
    promotion TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (member_id, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    projected INTEGER NOT NULL
) STRICT;
INSERT INTO "feed" VALUES(1,'members-1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',7);
CREATE TABLE holder (
    member_id ANY NOT NULL,
    holder_id TEXT NOT NULL,
    name TEXT NOT NULL,
    points_per_day INTEGER,
    value_per_day INTEGER,
    PRIMARY KEY (member_id, holder_id)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
INSERT INTO "member" VALUES('m1','gold',500,0,'2026-11-03',NULL,X'381A4B100147BE97',1,NULL);
INSERT INTO "member" VALUES('m2','gold',500,0,'2026-11-03',NULL,X'5F55B084E6A6E221',2,NULL);
CREATE TABLE name (
    start BLOB NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (start, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "name" VALUES(X'3D253840444132252E4043302E252E',1);
INSERT INTO "name" VALUES(X'3D253840444132252E4043302E252E',2);
INSERT INTO "name" VALUES(X'4043302E252E3D253840444132252E',1);
INSERT INTO "name" VALUES(X'4043302E252E3D253840444132252E',2);
INSERT INTO "name" VALUES(X'4132252E4043302E252E3D25384044',1);
INSERT INTO "name" VALUES(X'4132252E4043302E252E3D25384044',2);
CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    member_id ANY NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    birth INTEGER
) STRICT;
INSERT INTO "person" VALUES(1,'m1','مهرداد کاظمی‌نژاد','10000002190',NULL);
INSERT INTO "person" VALUES(2,'m2','مهرداد کاظمی‌نژاد','20000002190',NULL);
CREATE TABLE stamp (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    taken_us INTEGER NOT NULL
) STRICT;
INSERT INTO "stamp" VALUES(1,1,1795343700000000);
CREATE INDEX coupon_called ON coupon (number);
CREATE INDEX person_by_phone ON person (phone);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
COMMIT;
