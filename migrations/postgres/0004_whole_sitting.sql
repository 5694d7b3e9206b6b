-- A whole sitting: what was added to the record when the chair came to run a full day with it. Rows written before are
-- filled with what the record meant then. As all projections: never read by the server itself.

-- Kỳ họp thường lệ or kỳ họp chuyên đề: regular or thematic.
ALTER TABLE session ADD COLUMN kind TEXT NOT NULL DEFAULT 'regular';

-- A prepared sitting has not been opened: its opening may be empty.
ALTER TABLE sitting ALTER COLUMN opened_seq DROP NOT NULL;
ALTER TABLE sitting ALTER COLUMN opened_at DROP NOT NULL;
ALTER TABLE sitting ADD COLUMN planned_at BIGINT;
-- Họp kín: nothing of it is for the public.
ALTER TABLE sitting ADD COLUMN closed_doors BOOLEAN NOT NULL DEFAULT FALSE;

-- Every suspension of a sitting and its end, by its entry.
CREATE TABLE suspension (
    council  TEXT    NOT NULL,
    seq      BIGINT  NOT NULL,
    sitting  TEXT    NOT NULL,
    -- suspended or resumed.
    act      TEXT    NOT NULL,
    -- Of a suspension: recess or failure, why, and when it is meant to end.
    cause    TEXT,
    reason   TEXT,
    until_at BIGINT,
    noted_at BIGINT  NOT NULL,
    CONSTRAINT suspension_pk PRIMARY KEY (council, seq)
);

-- The rules as they were founded and each time they were changed, by their entries. Councils founded before this table have
-- only their changes here; their first rules stand in entry 0.
CREATE TABLE rules (
    council TEXT    NOT NULL,
    seq     BIGINT  NOT NULL,
    -- The whole profile as JSON, as the entry has it.
    rules   TEXT    NOT NULL,
    set_at  BIGINT  NOT NULL,
    CONSTRAINT rules_pk PRIMARY KEY (council, seq)
);

-- The line along the foot of every wall.
ALTER TABLE council ADD COLUMN ticker TEXT;

-- The agenda is a tree: the item it stands under. Where it stands among its neighbours is not a fact of one entry (each
-- addition and move says only before which other), so there is no column for it: the order is the record's, in its entries
-- item_added, item_moved and item_removed.
ALTER TABLE agenda_item ADD COLUMN parent TEXT;
ALTER TABLE agenda_item ADD COLUMN planned_at BIGINT;
-- Who reports or presents.
ALTER TABLE agenda_item ADD COLUMN presenter TEXT;
-- Marked as taken behind closed doors. What was taken up in a closed sitting is hidden as well: join the sittings.
ALTER TABLE agenda_item ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;
-- When it was taken off the agenda, and with it all that stood under it.
ALTER TABLE agenda_item ADD COLUMN removed_at BIGINT;

-- motion, choice or election, and how many answers one vote may name.
ALTER TABLE question ADD COLUMN form TEXT NOT NULL DEFAULT 'motion';
ALTER TABLE question ADD COLUMN choices BIGINT NOT NULL DEFAULT 1;
-- A JSON list of {question, title, document_sha256}: what is decided at once by this one.
ALTER TABLE question ADD COLUMN bloc TEXT NOT NULL DEFAULT '[]';

-- electronic, show_of_hands or paper. All but electronic were counted by people: then recorded_by has who recorded the count,
-- it was opened and closed by one entry, and closed_by is empty.
ALTER TABLE ballot ADD COLUMN form TEXT NOT NULL DEFAULT 'electronic';
ALTER TABLE ballot ADD COLUMN recorded_by TEXT;
-- Ballot papers: phát ra, thu về, hợp lệ, không hợp lệ.
ALTER TABLE ballot ADD COLUMN papers_issued BIGINT;
ALTER TABLE ballot ADD COLUMN papers_returned BIGINT;
ALTER TABLE ballot ADD COLUMN papers_valid BIGINT;
ALTER TABLE ballot ADD COLUMN papers_invalid BIGINT;
-- Fixed at the closing; not the sum of the counts where a vote may name several, or where papers were invalid.
ALTER TABLE ballot ADD COLUMN took_part BIGINT;
UPDATE ballot SET took_part =
    (SELECT SUM(votes) FROM ballot_count WHERE ballot_count.council = ballot.council AND ballot_count.ballot = ballot.ballot)
WHERE closed_seq IS NOT NULL;
-- A JSON list: the option that prevailed or the candidates elected, the most votes first.
ALTER TABLE ballot ADD COLUMN chosen TEXT NOT NULL DEFAULT '[]';

-- A JSON list: further candidates chosen in an election.
ALTER TABLE vote ADD COLUMN further_answers TEXT NOT NULL DEFAULT '[]';

-- When requests to speak were taken, by its entries.
CREATE TABLE speaking_list (
    council  TEXT    NOT NULL,
    seq      BIGINT  NOT NULL,
    -- opened or closed.
    act      TEXT    NOT NULL,
    noted_at BIGINT  NOT NULL,
    CONSTRAINT speaking_list_pk PRIMARY KEY (council, seq)
);

-- Who asked to speak, and what came of it: called, withdrawn, or neither when its item ended before.
CREATE TABLE speech_request (
    council          TEXT    NOT NULL,
    request          TEXT    NOT NULL,
    person           TEXT    NOT NULL,
    -- speak, interpellate (chất vấn), answer, rebut (tranh luận), explain or point_of_order.
    kind             TEXT    NOT NULL,
    topic            TEXT,
    -- Whom an interpellation asks.
    asks             TEXT,
    requested_seq    BIGINT  NOT NULL,
    requested_at     BIGINT  NOT NULL,
    -- When it was last put elsewhere in the queue, and why.
    moved_at         BIGINT,
    moved_reason     TEXT,
    called_at        BIGINT,
    withdrawn_at     BIGINT,
    withdrawn_reason TEXT,
    CONSTRAINT speech_request_pk PRIMARY KEY (council, request)
);

-- One person's turn at the lectern.
CREATE TABLE speech (
    council     TEXT    NOT NULL,
    speech      TEXT    NOT NULL,
    -- Empty where the floor was given without one.
    request     TEXT,
    person      TEXT    NOT NULL,
    -- As in speech_request.
    kind        TEXT    NOT NULL,
    -- At its beginning; 0: no limit. Extensions are in speech_act.
    seconds     BIGINT  NOT NULL,
    started_seq BIGINT  NOT NULL,
    started_at  BIGINT  NOT NULL,
    ended_at    BIGINT,
    -- Pauses left out.
    spent_ms    BIGINT,
    CONSTRAINT speech_pk PRIMARY KEY (council, speech)
);

-- Every pause, resumption and extension of a speech, by its entry.
CREATE TABLE speech_act (
    council  TEXT    NOT NULL,
    seq      BIGINT  NOT NULL,
    speech   TEXT    NOT NULL,
    -- paused, resumed or extended.
    act      TEXT    NOT NULL,
    -- Of an extension.
    seconds  BIGINT,
    noted_at BIGINT  NOT NULL,
    CONSTRAINT speech_act_pk PRIMARY KEY (council, seq)
);

-- Rounds of interpellation, from 1 in each item.
CREATE TABLE interpellation_round (
    council     TEXT    NOT NULL,
    item        TEXT    NOT NULL,
    round       BIGINT  NOT NULL,
    -- Who answers.
    official    TEXT    NOT NULL,
    started_seq BIGINT  NOT NULL,
    started_at  BIGINT  NOT NULL,
    CONSTRAINT interpellation_round_pk PRIMARY KEY (council, item, round)
);

-- A group's time in an item; 0 seconds: it was taken away again.
CREATE TABLE speaking_budget (
    council        TEXT    NOT NULL,
    item           TEXT    NOT NULL,
    delegate_group TEXT    NOT NULL,
    seconds        BIGINT  NOT NULL,
    set_at         BIGINT  NOT NULL,
    CONSTRAINT speaking_budget_pk PRIMARY KEY (council, item, delegate_group)
);

-- What officials undertook to do.
CREATE TABLE promise (
    council       TEXT    NOT NULL,
    promise       TEXT    NOT NULL,
    official      TEXT    NOT NULL,
    text          TEXT    NOT NULL,
    -- YYYY-MM-DD.
    until_day     TEXT,
    -- Who had asked.
    asked_by      TEXT,
    logged_seq    BIGINT  NOT NULL,
    logged_at     BIGINT  NOT NULL,
    -- When it was struck from the log again, and why.
    struck_at     BIGINT,
    struck_reason TEXT,
    CONSTRAINT promise_pk PRIMARY KEY (council, promise)
);

-- The walls, and what an order last put on each. w1, the main one, follows ballots and speakers by itself as well.
CREATE TABLE wall (
    council    TEXT    NOT NULL,
    wall       TEXT    NOT NULL,
    -- Empty for the main wall.
    name       TEXT    NOT NULL DEFAULT '',
    added_at   BIGINT,
    removed_at BIGINT,
    -- Empty while it shows what the main wall shows.
    mode       TEXT,
    -- The words of a title card or a countdown, as JSON.
    card       TEXT,
    shown_at   BIGINT,
    CONSTRAINT wall_pk PRIMARY KEY (council, wall)
);
