-- One-time codes that let a person bind a tablet, until they are spent or run out. Beside the record: the record says which
-- key was bound and who had given out the code, never the code.
CREATE TABLE enrolment_code (
    council    TEXT    NOT NULL,
    -- One live code for each person; a new one takes the place of the old.
    person     TEXT    NOT NULL,
    -- HMAC-SHA-256 of the code under a key only the server has: this table gives no code away.
    mac        BYTEA   NOT NULL,
    issued_by  TEXT    NOT NULL,
    -- Milliseconds since 1970 UTC, by the server's clock.
    expires_at BIGINT  NOT NULL,
    CONSTRAINT enrolment_code_pk PRIMARY KEY (council, person),
    CONSTRAINT enrolment_code_mac_once UNIQUE (council, mac),
    CONSTRAINT enrolment_code_mac_is_32_bytes CHECK (length(mac) = 32)
);
