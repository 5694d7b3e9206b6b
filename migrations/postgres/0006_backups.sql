-- Who approves that a backup is restored, and what was restored here. Beside the record: it concerns the store as a whole.

-- Two different people of these must sign before a backup takes the place of a store.
CREATE TABLE keyholder (
    -- As its key is named.
    name     TEXT    NOT NULL,
    -- The public key: <name>+<8 hex digits>+<base64> (C2SP signed note).
    vkey     TEXT    NOT NULL,
    named_at BIGINT  NOT NULL,
    CONSTRAINT keyholder_pk PRIMARY KEY (name)
);

-- Written before the first entry of a restored record. A record that is shorter than this was not restored to its end.
CREATE TABLE restoration (
    council     TEXT    NOT NULL,
    -- Entries in the backup, and the root over them in base64.
    size        BIGINT  NOT NULL,
    root        TEXT    NOT NULL,
    made_at     BIGINT  NOT NULL,
    restored_at BIGINT  NOT NULL,
    -- The signed notes of those who approved it, one after the other; empty where the backup named nobody.
    approvals   TEXT    NOT NULL,
    -- Why it was restored without approval; empty where it was approved.
    reason      TEXT    NOT NULL,
    CONSTRAINT restoration_pk PRIMARY KEY (council)
);
