// What a passer-by wants to know first. Pure.

import { groupsOf } from "@dienhong/web-shared/entitled.ts";
import type {
  BallotView,
  CouncilView,
  ItemView,
  LiveView,
  PersonRef,
  SpeakingView,
  SpeechView,
  SuspensionView,
} from "@dienhong/web-shared/wire.ts";

export interface Figure {
  count: number;
  of: number;
  what: "received" | "present";
}

export type Happening =
  | { kind: "closed" }
  /** Behind closed doors: that, and nothing else. */
  | { kind: "closed_doors" }
  | { kind: "suspended"; suspension: SuspensionView; title: string; figure: Figure }
  /** `official`: whom an interpellation asks. */
  | { kind: "speaking"; speech: SpeechView; official: PersonRef | null; item: ItemView | null; title: string; figure: Figure }
  | {
      kind: "voting" | "held" | "counted" | "announced" | "struck" | "sitting";
      item: ItemView | null;
      title: string;
      since: number | null;
      /** Whose vote it is, where it is not everybody's. */
      groups: readonly string[];
      figure: Figure;
    };

export function happening(council: CouncilView, live: LiveView, speaking: SpeakingView | null): Happening {
  if (live.closed_doors) return { kind: "closed_doors" };
  if (!live.sitting) return { kind: "closed" };
  const item = council.agenda.find((one) => one.id === live.item) ?? null;
  const present = { count: live.attendance.present, of: live.attendance.in_office, what: "present" as const };
  const { suspension } = live.sitting;
  if (suspension) return { kind: "suspended", suspension, title: live.sitting.title, figure: present };
  const kind = live.ballot ? ballotKind(live.ballot) : null;
  const running = kind === "voting" || kind === "held";
  const speech = speaking?.speech ?? null;
  if (speech && !running) {
    const official = speech.kind === "interpellate" ? (speaking?.round?.official ?? null) : null;
    return { kind: "speaking", speech, official, item, title: item?.title ?? live.sitting.title, figure: present };
  }
  if (!live.ballot || kind === null) {
    return { kind: "sitting", item, title: item?.title ?? live.sitting.title, since: item?.started_at ?? live.sitting.opened_at, groups: [], figure: present };
  }
  const { ballot } = live;
  const question = item?.questions.find((one) => one.id === ballot.question);
  return {
    kind,
    item,
    title: question?.title ?? item?.title ?? live.sitting.title,
    since: running ? ballot.opened_at : null,
    groups: groupsOf(question),
    figure: running ? { count: ballot.received, of: ballot.present, what: "received" } : present,
  };
}

function ballotKind(ballot: BallotView): "voting" | "held" | "counted" | "announced" | "struck" {
  switch (ballot.state) {
    case "open":
      return "voting";
    case "on_hold":
      return "held";
    case "closed":
    case "confirmed":
      return "counted";
    case "announced":
      return "announced";
    case "voided":
    case "annulled":
      return "struck";
  }
}
