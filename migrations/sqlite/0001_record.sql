-- The record: for each council one list of entries that only ever grows. This is the truth; everything else in this
-- database can be made again from it. Times are milliseconds since 1970-01-01T00:00:00Z.

-- Where each council's record ends, and who may add to it. Every append moves this row from the old size to the new one
-- in the transaction that writes the entries, and only where `epoch` is still the writer's own: this is the fence that
-- keeps a writer that was replaced from ever writing again.
CREATE TABLE council_head (
    council     TEXT    NOT NULL,
    -- One higher each time a writer takes over; never falls.
    epoch       INTEGER NOT NULL,
    -- Number of entries; the next entry gets this number.
    size        INTEGER NOT NULL,
    -- The writer's name for itself.
    holder      TEXT    NOT NULL,
    -- Until when the writer counts as alive, by this database's clock. Taking over and every append push it on.
    lease_until INTEGER NOT NULL,
    CONSTRAINT council_head_pk PRIMARY KEY (council),
    CONSTRAINT council_head_epoch_from_one CHECK (epoch >= 1),
    CONSTRAINT council_head_size_not_negative CHECK (size >= 0)
) STRICT;

-- The entries, each one line of JSON exactly as it was hashed (docs/record-format.md).
CREATE TABLE entry (
    council TEXT    NOT NULL,
    -- From 0, without gaps.
    seq     INTEGER NOT NULL,
    line    TEXT    NOT NULL,
    CONSTRAINT entry_pk PRIMARY KEY (council, seq),
    CONSTRAINT entry_seq_not_negative CHECK (seq >= 0)
) STRICT;

-- The signed heads, one for each batch of entries; all are kept, because receipts point at them.
CREATE TABLE checkpoint (
    council TEXT    NOT NULL,
    -- Number of entries it signs for.
    size    INTEGER NOT NULL,
    note    TEXT    NOT NULL,
    CONSTRAINT checkpoint_pk PRIMARY KEY (council, size),
    CONSTRAINT checkpoint_never_of_nothing CHECK (size >= 1)
) STRICT;

-- Nothing in the record is ever rewritten, not even by somebody at a database prompt who means well.
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER checkpoint_never_changes BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER checkpoint_never_goes BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;
CREATE TRIGGER council_head_only_grows BEFORE UPDATE ON council_head
WHEN NEW.size < OLD.size OR NEW.epoch < OLD.epoch OR NEW.council <> OLD.council
BEGIN SELECT RAISE(ABORT, 'a record never shrinks'); END;
