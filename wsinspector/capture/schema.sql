-- A capture file (.wsi): everything that travelled, in the order in which it travelled.
--
-- The bytes are the truth; the index blocks beside them can be made again from the bytes.
-- Times are nanoseconds of a monotonic clock unless the name says "wall"; an attempt's wall_ns
-- and mono_ns are one moment on both clocks. Offsets count from the first byte of one direction
-- of one attempt. direction: 0 = received, 1 = sent.

PRAGMA application_id = 0x57534931; -- "WSI1"
PRAGMA user_version = 3;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY, -- program, created_by, written_by (versions of the program)
  value TEXT NOT NULL
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

-- Raw bytes of one direction. reads: packed columns (see block) offset u32, time i64, an entry
-- for each read or write: where in this segment its bytes begin, and when it happened.
CREATE TABLE segment (
  id        INTEGER PRIMARY KEY,
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  direction INTEGER NOT NULL,
  start     INTEGER NOT NULL, -- stream offset of its first byte
  length    INTEGER NOT NULL,
  reads     BLOB NOT NULL,
  data      BLOB NOT NULL
);
CREATE UNIQUE INDEX segment_at ON segment (attempt, direction, start, length);

-- Frames first_no .. first_no + frames - 1 of both directions of an attempt, numbered from 1 in
-- the order in which they became complete. in_end, out_end: the stream offset up to which each
-- direction is indexed by this block and those before it (NULL: no frame yet).
--
-- columns: packed columns, in this order: offset u64, header u8, length u64, first u8, flags u8,
-- time i64, message u32, anomalies u32; each little-endian and cut into byte planes (plane 0
-- holds the least significant byte of every entry). Layout, P = all planes together (35 here,
-- 12 for reads): u8 layout = 1, u32 entries, ceil(P/8) bytes of which bit p (least significant
-- first) says that plane p varies, P bytes with the value of each plane that does not (0 for one
-- that does), then the varying planes, an entry a byte, one after another.
CREATE TABLE block (
  id       INTEGER PRIMARY KEY,
  attempt  INTEGER NOT NULL REFERENCES attempt (id),
  first_no INTEGER NOT NULL,
  frames   INTEGER NOT NULL,
  in_end   INTEGER,
  out_end  INTEGER,
  columns  BLOB NOT NULL
);
CREATE UNIQUE INDEX block_at ON block (attempt, first_no, frames);

CREATE TABLE event (
  attempt INTEGER NOT NULL REFERENCES attempt (id),
  no      INTEGER NOT NULL, -- from 1 in each attempt
  at_ns   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  data    TEXT NOT NULL,    -- JSON
  PRIMARY KEY (attempt, no)
) WITHOUT ROWID;

-- The last 32 KiB of inflated output of one direction, at the end of a message.
CREATE TABLE checkpoint (
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  direction INTEGER NOT NULL,
  message   INTEGER NOT NULL,
  window    BLOB NOT NULL,
  PRIMARY KEY (attempt, direction, message)
) WITHOUT ROWID;

-- What travelled and could not be kept: bytes start .. stop - 1 of a direction, or (direction
-- NULL) frames start .. stop - 1 of the index, or (kind 'events') a number of events. 'left-out':
-- bytes that are there in number, and were replaced when the file was made to be shared; then
-- left_out in meta lists all of them (JSON: secrets, payloads, list).
CREATE TABLE gap (
  id        INTEGER PRIMARY KEY,
  attempt   INTEGER NOT NULL REFERENCES attempt (id),
  kind      TEXT NOT NULL, -- 'bytes', 'frames', 'events', 'left-out'
  direction INTEGER,
  start     INTEGER NOT NULL,
  stop      INTEGER NOT NULL,
  reason    TEXT NOT NULL
);
-- A file of very many attempts may have a gap in each. Since format 3.
CREATE INDEX gap_of ON gap (attempt);

-- What a person put on a frame: at most one mark a frame, also after its attempt has ended.
-- Since format 2.
CREATE TABLE mark (
  attempt INTEGER NOT NULL REFERENCES attempt (id),
  frame   INTEGER NOT NULL, -- its number
  name    TEXT NOT NULL,    -- one line, may be empty
  note    TEXT NOT NULL,    -- lines, may be empty
  made_ns INTEGER NOT NULL, -- wall clock
  PRIMARY KEY (attempt, frame)
) WITHOUT ROWID;

-- CRC-32 of what a row held when it was last written, so that a changed byte is found. kind is the
-- table: 'segment', 'block', 'conversation', 'attempt'. Of which values, in which order, and how they are
-- joined: sealing.py. Rows of a file that was older have none. Since format 3.
CREATE TABLE seal (
  kind TEXT NOT NULL,
  row  INTEGER NOT NULL, -- id in that table
  crc  INTEGER NOT NULL,
  PRIMARY KEY (kind, row)
) WITHOUT ROWID;
