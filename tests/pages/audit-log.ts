// A record's audit log for page tests: entries as the server words them, and look-ups that filter and page like its own.

import { createHash } from "node:crypto";
import type { AuditEntry, Found, Query, Subject } from "@dienhong/web-shared/wire.ts";
import { CHAIR, personOf, SECRETARY, type Fixture } from "./fixtures.ts";

/** Entries on one page; the server's own pages hold up to 100. */
const PAGE = 20;

type Line = [subject: Subject, kind: string, by: string | null, fields: Record<string, string>, cause?: number];

/** Number `first` on, oldest first. */
export function makeLog(fixture: Fixture, now: number, first = 380): AuditEntry[] {
  const name = (id: string): string => personOf(fixture.roll, id).name;
  const someone = (id: string) => ({ person: id, person_name: name(id) });
  const ballot = { ballot: "b1", ballot_name: "Thông qua chương trình kỳ họp thứ 29" };
  const lines: Line[] = [
    ["council", "device_revoked", SECRETARY, { device: "v61", reason: "Mất máy, báo lúc 08:05", ...someone("d035") }],
    ["agenda", "sitting_opened", CHAIR, { sitting: "sit1", sitting_name: "Phiên toàn thể buổi sáng", session: "ses1", title: "Phiên toàn thể buổi sáng" }],
    ...fixture.roll.people.slice(0, 24).map((person): Line => ["attendance", "checked_in", person.id, someone(person.id)]),
    ["attendance", "excused", SECRETARY, { ...someone("d093"), reason: "Đi công tác" }],
    ["presiding", "gavel_taken", CHAIR, someone(CHAIR)],
    ["agenda", "item_started", CHAIR, { item: "i2", item_name: "Thông qua chương trình kỳ họp" }],
    ["ballots", "ballot_opened", CHAIR, { ...ballot, question: "q2", round: "1", document_sha256: "ab".repeat(32), closes_at: String(now - 5_460_000) }],
    ...Array.from({ length: 4 }, (): Line => ["votes", "vote_cast", null, ballot]),
    ["ballots", "ballot_closed", null, { ...ballot, closed_by: "time", "counted.answers": "yes 90; no 0; abstain 0", "counted.present": "90" }, first + 29],
    ["ballots", "ballot_confirmed", CHAIR, { ...ballot, verdict: "adopted" }],
    ["ballots", "ballot_announced", CHAIR, ballot],
    ["presiding", "wall_shown", CHAIR, { mode: "result" }],
    ["speaking", "speech_requested", "d042", { request: "r1", ...someone("d042"), speech_kind: "speak", topic: "Tiến độ giải phóng mặt bằng" }],
    ["speaking", "speech_started", CHAIR, { speech: "p1", request: "r1", ...someone("d042"), speech_kind: "speak", seconds: "420" }],
  ];
  return lines.map(([subject, kind, by, fields, cause], n) => {
    const seq = first + n;
    const at = now - (lines.length - n) * 61_000;
    const ids = Object.fromEntries(Object.entries(fields).filter(([field]) => !field.endsWith("_name") && !field.includes(".")));
    const line = JSON.stringify({ v: 1, seq, time: at, salt: "OXO3IPXNqiuEjMJvOv1Xyw==", ...(by ? { by: { person: by } } : { by: "system" }), kind, ...ids });
    return {
      seq,
      at,
      by: by === null ? null : { id: by, name: name(by) },
      by_console: false,
      subject,
      kind,
      fields,
      cause: cause ?? null,
      leaf: createHash("sha256").update("\0").update(line).digest("hex"),
      signed: by !== null || kind === "vote_cast",
      line: kind === "vote_cast" ? null : line,
    };
  });
}

/** Answers as docs/protocol.md says: newest first, `next` where there is more. */
export function lookUp(log: AuditEntry[]): (query: Query) => Found | { refuse: string } {
  return (query) => {
    if (query.query !== "audit") return { refuse: "unknown_sitting" };
    const { before, subject, person } = query;
    const concerns = (entry: AuditEntry): boolean => person === null || entry.by?.id === person || entry.fields["person"] === person;
    const found = log
      .filter((entry) => (before === null || entry.seq < before) && (subject === null || entry.subject === subject) && concerns(entry))
      .reverse();
    const entries = found.slice(0, PAGE);
    return { found: "audit", entries, next: found.length > PAGE ? (entries.at(-1)?.seq ?? null) : null };
  };
}
