// The second line of an item in the agenda: what it came to, what it is waiting for, or what was planned.

import { clockTime } from "@dienhong/web-shared/format.ts";
import type { ItemView } from "@dienhong/web-shared/wire.ts";
import { t } from "../words.ts";
import { countOf } from "./working.ts";

export interface ItemLine {
  text: string;
  /** Dealt with. */
  tick: boolean;
}

export function itemLine(item: ItemView, plannedFrom: number | null): ItemLine {
  const tick = item.state === "done";
  const kind = t(`kind_${item.kind}`);
  const question = item.questions.at(-1);
  const last = question?.ballots.at(-1);
  if (question && last?.state === "announced" && last.result) {
    if (question.form === "election") return { text: t("item_elected", { n: last.result.chosen.length, places: question.choices }), tick };
    if (question.form === "choice") return { text: t(last.result.chosen.length > 0 ? "item_chosen" : "item_none_chosen"), tick };
    const verdict = last.result.verdict === "adopted" ? t("adopted") : t("rejected");
    return { text: t("item_result", { verdict, yes: countOf(last.result, "yes"), base: last.result.threshold.base_count }), tick };
  }
  if (item.state === "current") return { text: now(item, kind), tick };
  if (tick) return { text: [item.questions.length > 0 ? doneWithout(item) : kind, hours(item)].filter(Boolean).join(" · "), tick };
  const planned = item.planned_at ?? plannedFrom;
  // What has the least to say comes last, where the column may cut it.
  return { text: [planned === null ? "" : clockTime(planned), kind, item.minutes === null ? "" : t("agenda_minutes", { n: item.minutes })].filter(Boolean).join(" · "), tick };
}

function doneWithout(item: ItemView): string {
  return item.questions.some((question) => question.in_bloc !== null) ? t("item_in_bloc") : t("item_no_vote");
}

function hours(item: ItemView): string {
  if (item.started_at === null || item.finished_at === null) return "";
  return `${clockTime(item.started_at)}–${clockTime(item.finished_at)}`;
}

function now(item: ItemView, kind: string): string {
  const last = item.questions.at(-1)?.ballots.at(-1);
  if (!last) return item.questions.length > 0 ? t("item_waiting") : kind;
  const round = { round: last.round };
  switch (last.state) {
    case "open":
      return t("item_open", round);
    case "on_hold":
      return t("item_held", round);
    case "closed":
      return t("item_closed");
    case "confirmed":
      return t("item_confirmed");
    case "voided":
      return t("item_voided", round);
    case "annulled":
      return t("item_annulled", round);
    case "announced":
      return t("item_current");
  }
}
