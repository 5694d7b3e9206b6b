// What the wall shows, and what it will show after the act the card offers: the same small picture for both.

import type { WallPicture } from "@dienhong/web-shared/components/WallMini.svelte";
import type { BallotView, CouncilView, LiveView } from "@dienhong/web-shared/wire.ts";
import type { Situation } from "./situation.ts";

export function wallNow(council: CouncilView, live: LiveView, leftMs: number | null): WallPicture {
  const item = council.agenda.find((candidate) => candidate.id === live.item) ?? null;
  const lines = council.agenda.filter((candidate) => candidate.state !== "done").slice(0, 4);
  return {
    mode: live.wall.mode,
    council: council.short_name,
    session: council.session?.title ?? "",
    sitting: live.sitting?.title ?? "",
    item: item ? { number: item.number, title: item.short_title } : null,
    ballot: live.ballot ? ballotPicture(live.ballot, leftMs) : null,
    agenda: lines.map((line) => ({ number: line.number, title: line.short_title, state: line.state })),
    present: live.attendance.present,
    inOffice: live.attendance.in_office,
    quorate: live.attendance.quorate,
  };
}

export type NextAct = "open" | "close" | "announce" | "item" | "sitting";

/** The next act the chair is offered and the wall after it; `null` when nothing on offer changes the wall. */
export function wallAfter(now: WallPicture, at: Situation, seconds: number): { act: NextAct; picture: WallPicture } | null {
  const empty = { closed: false, held: false, counts: null, verdict: null };
  if (at.stage === "no_sitting") return { act: "sitting", picture: { ...now, mode: "welcome" } };
  switch (at.step) {
    case "draft":
      return {
        act: "open",
        picture: {
          ...now,
          mode: "voting",
          ballot: { ...empty, received: 0, present: now.present, leftMs: seconds > 0 ? seconds * 1000 : null },
        },
      };
    case "open":
    case "on_hold":
      return now.ballot
        ? { act: "close", picture: { ...now, mode: "result", ballot: { ...now.ballot, closed: true, held: false, leftMs: null } } }
        : null;
    case "closed":
    case "confirmed":
      return at.ballot
        ? {
            act: "announce",
            picture: {
              ...now,
              mode: "result",
              ballot: { ...ballotPicture(at.ballot, null), verdict: at.ballot.result?.verdict ?? at.proposed },
            },
          }
        : null;
    default:
      return at.next
        ? { act: "item", picture: { ...now, mode: "item", item: { number: at.next.number, title: at.next.short_title }, ballot: null } }
        : null;
  }
}

function ballotPicture(ballot: BallotView, leftMs: number | null): NonNullable<WallPicture["ballot"]> {
  const count = (answer: string) => ballot.result?.counts.find((entry) => entry.answer === answer)?.count ?? 0;
  return {
    closed: ballot.state !== "open" && ballot.state !== "on_hold",
    held: ballot.state === "on_hold",
    received: ballot.received,
    present: ballot.present,
    leftMs,
    counts: ballot.result
      ? { yes: count("yes"), no: count("no"), abstain: count("abstain"), base: ballot.result.in_office }
      : null,
    verdict: ballot.result?.verdict ?? null,
  };
}
