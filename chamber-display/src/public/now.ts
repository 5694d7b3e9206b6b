// What a passer-by wants to know first. Pure.

import type { BallotView, CouncilView, ItemView, LiveView } from "@dienhong/web-shared/wire.ts";

export type Happening =
  | { kind: "closed" }
  | {
      kind: "voting" | "held" | "counted" | "announced" | "struck" | "sitting";
      item: ItemView | null;
      title: string;
      since: number | null;
      figure: { count: number; of: number; what: "received" | "present" };
    };

export function happening(council: CouncilView, live: LiveView): Happening {
  if (!live.sitting) return { kind: "closed" };
  const item = council.agenda.find((one) => one.id === live.item) ?? null;
  const present = { count: live.attendance.present, of: live.attendance.in_office, what: "present" as const };
  if (!live.ballot) {
    return { kind: "sitting", item, title: item?.title ?? live.sitting.title, since: item?.started_at ?? live.sitting.opened_at, figure: present };
  }
  const { ballot } = live;
  const question = item?.questions.find((one) => one.id === ballot.question);
  const kind = ballotKind(ballot);
  const running = kind === "voting" || kind === "held";
  return {
    kind,
    item,
    title: question?.title ?? item?.title ?? live.sitting.title,
    since: running ? ballot.opened_at : null,
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
