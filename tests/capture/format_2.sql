-- A capture of format 2 as the program of that time wrote it: one attempt, three frames.
PRAGMA application_id = 1465076017;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE attempt (
  id           INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  number       INTEGER NOT NULL,          -- from 1 in each conversation
  wall_ns      INTEGER NOT NULL,
  mono_ns      INTEGER NOT NULL,
  finished     INTEGER NOT NULL DEFAULT 0, -- 0 in a file means: the program died or still writes
  facts        TEXT NOT NULL,             -- JSON: addresses, TLS, timings, how it ended
  UNIQUE (conversation, number)
);
INSERT INTO "attempt" VALUES(1,1,1,1000000000000000000,5,1,'{"url":"ws://x"}');
CREATE TABLE block (
  id       INTEGER PRIMARY KEY,
  attempt  INTEGER NOT NULL REFERENCES attempt (id),
  first_no INTEGER NOT NULL,
  frames   INTEGER NOT NULL,
  in_end   INTEGER,
  out_end  INTEGER,
  columns  BLOB NOT NULL
);
INSERT INTO "block" VALUES(1,1,1,3,381,NULL,X'010300000001000008000000000000000000027D00000000000000821807000000000000000000000000000000007FFE010203');
CREATE TABLE checkpoint (
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  direction INTEGER NOT NULL,
  message   INTEGER NOT NULL,
  window    BLOB NOT NULL,
  PRIMARY KEY (attempt, direction, message)
) WITHOUT ROWID;
CREATE TABLE conversation (
  id         INTEGER PRIMARY KEY,
  title      TEXT NOT NULL,
  created_ns INTEGER NOT NULL,           -- wall clock, ns since 1970
  changed_ns INTEGER NOT NULL,           -- wall clock
  pinned     INTEGER NOT NULL DEFAULT 0, -- 1: never deleted to make room
  draft      BLOB NOT NULL,              -- the request as it would be sent now
  state      TEXT NOT NULL               -- JSON: switched-off lines, generated marks, options
);
INSERT INTO "conversation" VALUES(1,'ws://127.0.0.1',1795375092188546468,1795375092188546468,0,X'','{}');
CREATE TABLE event (
  attempt INTEGER NOT NULL REFERENCES attempt (id),
  no      INTEGER NOT NULL, -- from 1 in each attempt
  at_ns   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  data    TEXT NOT NULL,    -- JSON
  PRIMARY KEY (attempt, no)
) WITHOUT ROWID;
INSERT INTO "event" VALUES(1,1,6,'open','{}');
CREATE TABLE gap (
  id        INTEGER PRIMARY KEY,
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  kind      TEXT NOT NULL, -- 'bytes', 'frames', 'events'
  direction INTEGER,
  start     INTEGER NOT NULL,
  stop      INTEGER NOT NULL,
  reason    TEXT NOT NULL
);
CREATE TABLE mark (
  attempt INTEGER NOT NULL REFERENCES attempt (id),
  frame   INTEGER NOT NULL, -- its number
  name    TEXT NOT NULL,    -- one line, may be empty
  note    TEXT NOT NULL,    -- lines, may be empty
  made_ns INTEGER NOT NULL, -- wall clock
  PRIMARY KEY (attempt, frame)
) WITHOUT ROWID;
CREATE TABLE meta (
  key   TEXT PRIMARY KEY, -- program, created_by, written_by (versions of the program)
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "meta" VALUES('created_by','0.1.0');
INSERT INTO "meta" VALUES('program','wsinspector');
INSERT INTO "meta" VALUES('written_by','0.1.0');
CREATE TABLE segment (
  id        INTEGER PRIMARY KEY,
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  direction INTEGER NOT NULL,
  start     INTEGER NOT NULL, -- stream offset of its first byte
  length    INTEGER NOT NULL,
  reads     BLOB NOT NULL,
  data      BLOB NOT NULL
);
INSERT INTO "segment" VALUES(1,1,0,0,381,X'01010000000000000000000700000000000000',X'827D0000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001000000000100000000010000000001827D0000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002000000000200000000020000000002827D0000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003000000000300000000030000000003');
CREATE UNIQUE INDEX segment_at ON segment (attempt, direction, start, length);
CREATE UNIQUE INDEX block_at ON block (attempt, first_no, frames);
COMMIT;
