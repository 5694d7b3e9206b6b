-- What people look up: the same facts as in the entries, as rows. Written in the transaction that writes the entries and
-- never read by the server itself, so a report may join them freely. Every table's key begins with the council. Columns
-- named `…_at` are milliseconds since 1970 UTC, `…_seq` are numbers of entries.

-- A council as its entry 0 founded it.
CREATE TABLE council (
    council    TEXT    NOT NULL,
    -- The record's name in every signature.
    origin     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    short_name TEXT    NOT NULL,
    -- The rules it was founded with: province, commune or generic.
    preset     TEXT    NOT NULL,
    -- By law; some may be vacant.
    seats      INTEGER NOT NULL,
    -- May the list of who voted how be published? restricted or public.
    names      TEXT    NOT NULL,
    founded_at INTEGER NOT NULL,
    CONSTRAINT council_pk PRIMARY KEY (council)
) STRICT;

-- Everybody who is or was on the roll.
CREATE TABLE person (
    council        TEXT    NOT NULL,
    person         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    -- With a seat: a delegate.
    seat           TEXT,
    -- Tổ đại biểu; may be empty.
    delegate_group TEXT    NOT NULL,
    -- A JSON list of chair, secretary, scrutineer, administrator, auditor.
    offices        TEXT    NOT NULL,
    -- When the mandate or office ended, and why.
    left_at        INTEGER,
    left_reason    TEXT,
    CONSTRAINT person_pk PRIMARY KEY (council, person)
) STRICT;

-- The tablets' keys, each bound to one person.
CREATE TABLE device (
    council        TEXT    NOT NULL,
    device         TEXT    NOT NULL,
    person         TEXT    NOT NULL,
    -- Ed25519, base64.
    public_key     TEXT    NOT NULL,
    -- Who gave out the one-time code: operator, or p:<person>.
    issued_by      TEXT    NOT NULL,
    bound_at       INTEGER NOT NULL,
    revoked_at     INTEGER,
    revoked_reason TEXT,
    CONSTRAINT device_pk PRIMARY KEY (council, device)
) STRICT;

-- Kỳ họp.
CREATE TABLE session (
    council    TEXT    NOT NULL,
    session    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    term       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (council, session)
) STRICT;

-- Phiên họp. What lies between its two entries happened in it.
CREATE TABLE sitting (
    council    TEXT    NOT NULL,
    sitting    TEXT    NOT NULL,
    session    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    opened_seq INTEGER NOT NULL,
    opened_at  INTEGER NOT NULL,
    closed_seq INTEGER,
    closed_at  INTEGER,
    CONSTRAINT sitting_pk PRIMARY KEY (council, sitting)
) STRICT;

-- The agenda, in the order of `added_seq`.
CREATE TABLE agenda_item (
    council     TEXT    NOT NULL,
    item        TEXT    NOT NULL,
    added_seq   INTEGER NOT NULL,
    -- As printed in the papers.
    number      TEXT    NOT NULL,
    -- ceremony, report, discussion, interpellation, vote or election.
    kind        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    short_title TEXT    NOT NULL,
    -- Planned length.
    minutes     INTEGER,
    -- Name of the rule its question is decided by.
    rule        TEXT,
    -- When it was last taken up and last left.
    started_at  INTEGER,
    finished_at INTEGER,
    CONSTRAINT agenda_item_pk PRIMARY KEY (council, item)
) STRICT;

-- What is put to the vote.
CREATE TABLE question (
    council         TEXT    NOT NULL,
    question        TEXT    NOT NULL,
    item            TEXT    NOT NULL,
    title           TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    -- A JSON list of {key, meaning} in the order shown.
    answers         TEXT    NOT NULL,
    -- The majority it takes, as JSON: numerator, denominator, base, constant, strict, tie.
    rule            TEXT    NOT NULL,
    -- How long a ballot on it stays open; 0 means no limit.
    seconds         INTEGER NOT NULL,
    -- May a delegate change the vote until the closing?
    change_allowed  INTEGER NOT NULL,
    -- Is the split shown while the ballot is open?
    show_split      INTEGER NOT NULL,
    -- Of the document every vote on it names.
    document_sha256 TEXT    NOT NULL,
    prepared_at     INTEGER NOT NULL,
    CONSTRAINT question_pk PRIMARY KEY (council, question),
    CONSTRAINT question_change_allowed_is_flag CHECK (change_allowed IN (0, 1)),
    CONSTRAINT question_show_split_is_flag CHECK (show_split IN (0, 1))
) STRICT;

-- One round of voting on a question.
CREATE TABLE ballot (
    council         TEXT    NOT NULL,
    ballot          TEXT    NOT NULL,
    question        TEXT    NOT NULL,
    -- From 1; a re-vote is the next round and names the ballot before it.
    round           INTEGER NOT NULL,
    previous        TEXT,
    document_sha256 TEXT    NOT NULL,
    -- open, on_hold, closed, confirmed, announced, voided or annulled. Only an announced result is final.
    state           TEXT    NOT NULL,
    opened_seq      INTEGER NOT NULL,
    opened_at       INTEGER NOT NULL,
    -- When it closes, or would have closed, by itself.
    closes_at       INTEGER,
    -- While on hold: what remains of its time, and why it was stopped.
    remaining_ms    INTEGER,
    hold_cause      TEXT,
    hold_reason     TEXT,
    -- A vote counts if its entry lies between opened_seq and closed_seq.
    closed_seq      INTEGER,
    closed_at       INTEGER,
    -- chair or time.
    closed_by       TEXT,
    -- The bases of the result: present at any moment while it was open, in office, and seats by law.
    present         INTEGER,
    in_office       INTEGER,
    seats           INTEGER,
    -- adopted or rejected; casting is the chair's casting vote where one decided a tie.
    confirmed_at    INTEGER,
    verdict         TEXT,
    casting         TEXT,
    announced_at    INTEGER,
    -- When it was voided or annulled, and why.
    ended_at        INTEGER,
    ended_reason    TEXT,
    CONSTRAINT ballot_pk PRIMARY KEY (council, ballot)
) STRICT;

-- How many votes each answer got, fixed at the closing.
CREATE TABLE ballot_count (
    council  TEXT    NOT NULL,
    ballot   TEXT    NOT NULL,
    answer   TEXT    NOT NULL,
    -- From 1, in the order the answers are shown.
    position INTEGER NOT NULL,
    votes    INTEGER NOT NULL,
    CONSTRAINT ballot_count_pk PRIMARY KEY (council, ballot, answer)
) STRICT;

-- Each delegate's last vote in each ballot. Who voted how: restricted where council.names says so.
CREATE TABLE vote (
    council TEXT    NOT NULL,
    ballot  TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    answer  TEXT    NOT NULL,
    -- From 1, one higher with each change.
    turn    INTEGER NOT NULL,
    -- The entry that holds the signed statement.
    seq     INTEGER NOT NULL,
    cast_at INTEGER NOT NULL,
    CONSTRAINT vote_pk PRIMARY KEY (council, ballot, person)
) STRICT;

-- Every arrival and departure, by its entry.
CREATE TABLE attendance (
    council  TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    person   TEXT    NOT NULL,
    -- arrived, left or excused.
    act      TEXT    NOT NULL,
    noted_at INTEGER NOT NULL,
    -- Given when the secretary noted it for the person.
    reason   TEXT,
    CONSTRAINT attendance_pk PRIMARY KEY (council, seq)
) STRICT;
CREATE INDEX attendance_by_person ON attendance (council, person, seq);

-- Who presided from when on, by its entry.
CREATE TABLE gavel (
    council     TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    person      TEXT    NOT NULL,
    -- Who held it until then; empty when nobody did.
    held_before TEXT,
    taken_at    INTEGER NOT NULL,
    -- Given when it was taken over.
    reason      TEXT,
    CONSTRAINT gavel_pk PRIMARY KEY (council, seq)
) STRICT;
