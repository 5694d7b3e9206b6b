-- Questions put to some groups only, least numbers of names, answers shown live, and promises that were kept. Rows written before
-- are filled with what the record meant then. As all projections: never read by the server itself.

-- A JSON list of groups whose delegates alone vote on it; everybody where it is empty. A ballot on it counts its bases (present,
-- in_office, seats) over these groups.
ALTER TABLE question ADD COLUMN delegate_groups TEXT NOT NULL DEFAULT '[]';
-- How many candidates one vote names at least, where it does not abstain; 0: one is enough.
ALTER TABLE question ADD COLUMN min_choices INTEGER NOT NULL DEFAULT 0;
-- Each seat shows its answer while the ballot is open.
ALTER TABLE question ADD COLUMN live_names INTEGER NOT NULL DEFAULT 0
    CONSTRAINT question_live_names_is_flag CHECK (live_names IN (0, 1));

-- When it was marked as kept, and what was said to that.
ALTER TABLE promise ADD COLUMN kept_at INTEGER;
ALTER TABLE promise ADD COLUMN kept_note TEXT;
