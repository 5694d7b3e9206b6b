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
    seats      BIGINT  NOT NULL,
    -- May the list of who voted how be published? restricted or public.
    names      TEXT    NOT NULL,
    founded_at BIGINT  NOT NULL,
    CONSTRAINT council_pk PRIMARY KEY (council)
);

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
    left_at        BIGINT,
    left_reason    TEXT,
    CONSTRAINT person_pk PRIMARY KEY (council, person)
);

-- The tablets' keys, each bound to one person.
CREATE TABLE device (
    council        TEXT    NOT NULL,
    device         TEXT    NOT NULL,
    person         TEXT    NOT NULL,
    -- Ed25519, base64.
    public_key     TEXT    NOT NULL,
    -- Who gave out the one-time code: operator, or p:<person>.
    issued_by      TEXT    NOT NULL,
    bound_at       BIGINT  NOT NULL,
    revoked_at     BIGINT,
    revoked_reason TEXT,
    CONSTRAINT device_pk PRIMARY KEY (council, device)
);

-- Kỳ họp.
CREATE TABLE session (
    council    TEXT    NOT NULL,
    session    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    term       TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (council, session)
);

-- Phiên họp. What lies between its two entries happened in it.
CREATE TABLE sitting (
    council    TEXT    NOT NULL,
    sitting    TEXT    NOT NULL,
    session    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    opened_seq BIGINT  NOT NULL,
    opened_at  BIGINT  NOT NULL,
    closed_seq BIGINT,
    closed_at  BIGINT,
    CONSTRAINT sitting_pk PRIMARY KEY (council, sitting)
);

-- The agenda, in the order of `added_seq`.
CREATE TABLE agenda_item (
    council     TEXT    NOT NULL,
    item        TEXT    NOT NULL,
    added_seq   BIGINT  NOT NULL,
    -- As printed in the papers.
    number      TEXT    NOT NULL,
    -- ceremony, report, discussion, interpellation, vote or election.
    kind        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    short_title TEXT    NOT NULL,
    -- Planned length.
    minutes     BIGINT,
    -- Name of the rule its question is decided by.
    rule        TEXT,
    -- When it was last taken up and last left.
    started_at  BIGINT,
    finished_at BIGINT,
    CONSTRAINT agenda_item_pk PRIMARY KEY (council, item)
);

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
    seconds         BIGINT  NOT NULL,
    -- May a delegate change the vote until the closing?
    change_allowed  BOOLEAN NOT NULL,
    -- Is the split shown while the ballot is open?
    show_split      BOOLEAN NOT NULL,
    -- Of the document every vote on it names.
    document_sha256 TEXT    NOT NULL,
    prepared_at     BIGINT  NOT NULL,
    CONSTRAINT question_pk PRIMARY KEY (council, question)
);

-- One round of voting on a question.
CREATE TABLE ballot (
    council         TEXT    NOT NULL,
    ballot          TEXT    NOT NULL,
    question        TEXT    NOT NULL,
    -- From 1; a re-vote is the next round and names the ballot before it.
    round           BIGINT  NOT NULL,
    previous        TEXT,
    document_sha256 TEXT    NOT NULL,
    -- open, on_hold, closed, confirmed, announced, voided or annulled. Only an announced result is final.
    state           TEXT    NOT NULL,
    opened_seq      BIGINT  NOT NULL,
    opened_at       BIGINT  NOT NULL,
    -- When it closes, or would have closed, by itself.
    closes_at       BIGINT,
    -- While on hold: what remains of its time, and why it was stopped.
    remaining_ms    BIGINT,
    hold_cause      TEXT,
    hold_reason     TEXT,
    -- A vote counts if its entry lies between opened_seq and closed_seq.
    closed_seq      BIGINT,
    closed_at       BIGINT,
    -- chair or time.
    closed_by       TEXT,
    -- The bases of the result: present at any moment while it was open, in office, and seats by law.
    present         BIGINT,
    in_office       BIGINT,
    seats           BIGINT,
    -- adopted or rejected; casting is the chair's casting vote where one decided a tie.
    confirmed_at    BIGINT,
    verdict         TEXT,
    casting         TEXT,
    announced_at    BIGINT,
    -- When it was voided or annulled, and why.
    ended_at        BIGINT,
    ended_reason    TEXT,
    CONSTRAINT ballot_pk PRIMARY KEY (council, ballot)
);

-- How many votes each answer got, fixed at the closing.
CREATE TABLE ballot_count (
    council  TEXT    NOT NULL,
    ballot   TEXT    NOT NULL,
    answer   TEXT    NOT NULL,
    -- From 1, in the order the answers are shown.
    position BIGINT  NOT NULL,
    votes    BIGINT  NOT NULL,
    CONSTRAINT ballot_count_pk PRIMARY KEY (council, ballot, answer)
);

-- Each delegate's last vote in each ballot. Who voted how: restricted where council.names says so.
CREATE TABLE vote (
    council TEXT    NOT NULL,
    ballot  TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    answer  TEXT    NOT NULL,
    -- From 1, one higher with each change.
    turn    BIGINT  NOT NULL,
    -- The entry that holds the signed statement.
    seq     BIGINT  NOT NULL,
    cast_at BIGINT  NOT NULL,
    CONSTRAINT vote_pk PRIMARY KEY (council, ballot, person)
);

-- Every arrival and departure, by its entry.
CREATE TABLE attendance (
    council  TEXT    NOT NULL,
    seq      BIGINT  NOT NULL,
    person   TEXT    NOT NULL,
    -- arrived, left or excused.
    act      TEXT    NOT NULL,
    noted_at BIGINT  NOT NULL,
    -- Given when the secretary noted it for the person.
    reason   TEXT,
    CONSTRAINT attendance_pk PRIMARY KEY (council, seq)
);
CREATE INDEX attendance_by_person ON attendance (council, person, seq);

-- Who presided from when on, by its entry.
CREATE TABLE gavel (
    council     TEXT    NOT NULL,
    seq         BIGINT  NOT NULL,
    person      TEXT    NOT NULL,
    -- Who held it until then; empty when nobody did.
    held_before TEXT,
    taken_at    BIGINT  NOT NULL,
    -- Given when it was taken over.
    reason      TEXT,
    CONSTRAINT gavel_pk PRIMARY KEY (council, seq)
);
