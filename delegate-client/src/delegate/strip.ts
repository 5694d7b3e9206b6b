// What the strip under the vote buttons says: one place, one sentence, for every state a vote can be in. The recorded vote
// is repeated whenever something else happened after it, so that nobody has to wonder whether it still stands.

import type { IconName } from "@dienhong/web-shared/components/icons.ts";
import { clockTime } from "@dienhong/web-shared/format.ts";
import type { RecordedVote } from "@dienhong/web-shared/session.svelte.ts";
import type { BallotForm, BallotState, HoldCause } from "@dienhong/web-shared/wire.ts";
import { common } from "@dienhong/web-shared/words/common.ts";
import { refusalText } from "@dienhong/web-shared/words/refusals.ts";
import { words } from "./words.ts";

export type StripTone = "neutral" | "ok" | "warn" | "danger";

export type Strip = {
  tone: StripTone;
  /** A spinner where there is no icon. */
  icon: IconName | null;
  title: string;
  body: string;
  /** A shorter body for phones. */
  short?: string;
  /** The act offered on the strip's right. */
  act: "receipt" | "check_in" | null;
};

export type StripFacts = {
  live: boolean;
  form: BallotForm;
  state: BallotState;
  holdCause: HoldCause | null;
  timeOver: boolean;
  /** The person's presence is `present`. */
  present: boolean;
  /** Why checking in was refused just now. */
  checkInRefused: string | null;
  changeAllowed: boolean;
  /** The text shown does not hash to what the ballot was opened on. */
  mismatch: boolean;
  /** How to choose, or what choosing "yes" means: for screens too small to show it above. */
  hint: string | null;
  /** An officer asked for the vote after this person's last tap. */
  nudged: boolean;
  /** A vote names candidates and is then sent, instead of one tap that casts it. */
  candidates?: boolean;
  /** Names picked in an election and not sent, as "2/3 chosen". */
  unsent: string | null;
  /** How many names more it must have before it can be sent. */
  lacking?: number;
  /** The newest choice made here in this ballot. */
  attempt: { pending: boolean; late: boolean; code: string | null } | null;
  recorded: RecordedVote | null;
  /** What the recorded vote says, in words. */
  said: string;
};

/** A reason of this length still fits the strip's title on a tablet. */
const TITLE_REASON = 64;

export function stripOf(f: StripFacts): Strip {
  const before = f.recorded && briefly(f.recorded, f.said);
  if (f.form !== "electronic") return { tone: "neutral", icon: "info", title: words("no_device_vote"), body: words("no_device_vote_hint"), act: null };
  if (!f.live) return disconnected(f, before);
  if (f.mismatch)
    return {
      tone: "danger",
      icon: "warning",
      title: words("not_recorded"),
      body: withBefore(refusalText("wrong_document"), before),
      act: null,
    };
  if (f.attempt?.pending) return underWay(f.attempt.late, before);
  if (f.attempt?.code) return refused(f.attempt.code, before);
  const choosing = f.state === "open" && f.present && !f.timeOver;
  if (choosing && f.unsent) {
    const body = before ? words("pick_unsent_again", { picked: f.unsent, before }) : lackingHint(f.unsent, f.lacking ?? 0);
    return { tone: "warn", icon: "warning", title: words("pick_unsent"), body, act: null };
  }
  if (f.recorded) return recorded(f, f.recorded);
  if (f.state === "on_hold")
    return {
      tone: "neutral",
      icon: "pause",
      title: f.holdCause === "store_unavailable" ? words("held_store") : words("held"),
      body: words("held_hint"),
      act: null,
    };
  if (f.state !== "open")
    return { tone: "neutral", icon: "info", title: words("my_vote_none"), body: words("my_vote_none_hint"), act: null };
  if (!f.present && f.checkInRefused)
    return { tone: "danger", icon: "cross-circle", title: words("absent_now"), body: refusalText(f.checkInRefused), act: "check_in" };
  if (!f.present) return { tone: "warn", icon: "warning", title: words("absent_now"), body: words("absent_now_hint"), act: "check_in" };
  if (f.timeOver) return { tone: "neutral", icon: "clock", title: words("over"), body: words("none_recorded"), act: null };
  if (f.nudged) return { tone: "warn", icon: "warning", title: words("nudged"), body: words("nudged_hint"), act: null };
  const strip: Strip = { tone: "neutral", icon: "info", title: words("not_voted"), body: words(f.candidates ? "tap_election" : "tap_once"), act: null };
  return f.hint ? { ...strip, short: f.hint } : strip;
}

function lackingHint(picked: string, n: number): string {
  return n > 0 ? words("pick_unsent_lacking", { picked, n }) : words("pick_unsent_hint", { picked });
}

/** `Tán thành · 09:41:07 · #A7F3` */
export function briefly(vote: RecordedVote, said: string): string {
  return `${said} · ${clockTime(vote.at, true)} · #${vote.short}`;
}

function disconnected(f: StripFacts, before: string | null): Strip {
  if (f.attempt?.pending) {
    return { tone: "warn", icon: "warning", title: words("late"), body: withBefore(words("pending_offline"), before), act: null };
  }
  if (before)
    return { tone: "ok", icon: "check-circle", title: words("kept_offline", { before }), body: words("kept_offline_hint"), act: "receipt" };
  return { tone: "danger", icon: "cross-circle", title: words("none_recorded"), body: words("none_recorded_hint"), act: null };
}

function underWay(late: boolean, before: string | null): Strip {
  if (late) {
    return {
      tone: "warn",
      icon: "warning",
      title: words("late"),
      body: before ? words("late_before", { before }) : words("late_hint"),
      act: null,
    };
  }
  const sending = { tone: "neutral", icon: null, title: common("sending"), act: null } as const;
  if (!before) return { ...sending, body: words("sending_hint") };
  return { ...sending, body: words("changing_hint", { before }), short: words("before_held", { before }) };
}

function refused(code: string, before: string | null): Strip {
  const text = refusalText(code);
  const end = text.indexOf(". ");
  const why = end < 0 ? text.replace(/\.$/, "") : text.slice(0, end);
  const next = end < 0 ? "" : text.slice(end + 2);
  const act = code === "not_present" ? "check_in" : null;
  if (why.length > TITLE_REASON)
    return { tone: "danger", icon: "cross-circle", title: words("not_recorded"), body: withBefore(text, before), act };
  return {
    tone: "danger",
    icon: "cross-circle",
    title: words("not_recorded_why", { why: lowerFirst(why) }),
    body: withBefore(next, before),
    act,
  };
}

function recorded(f: StripFacts, vote: RecordedVote): Strip {
  const answer = f.said;
  const title = `${words("recorded")} · ${clockTime(vote.at, true)} · #${vote.short}`;
  const strip = { tone: "ok", icon: "check-circle", title, act: vote.checked ? "receipt" : null } as const;
  if (!vote.checked) return { ...strip, tone: "neutral", icon: "info", body: words("unchecked", { answer }) };
  if (f.state === "on_hold") return { ...strip, body: `${answer}. ${words(f.holdCause === "store_unavailable" ? "held_store" : "held")}.` };
  if (f.state === "voided" || f.state === "annulled")
    return { ...strip, tone: "neutral", icon: "info", title: words("my_vote_void"), body: briefly(vote, f.said) };
  if (f.state !== "open") return { ...strip, body: words("my_vote", { answer }) };
  if (f.timeOver) return { ...strip, body: `${answer}. ${words("over_hint")}` };
  if (!f.changeAllowed) return { ...strip, body: words("final", { answer }), short: `${answer}.` };
  return { ...strip, body: words("change_allowed", { answer }), short: words("change_allowed_short", { answer }) };
}

function withBefore(text: string, before: string | null): string {
  return [text, before ? words("before_held", { before }) : ""].filter(Boolean).join(" ");
}

/** To go on a sentence with; a name or an abbreviation at its start keeps its capitals. */
export function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLocaleLowerCase("vi") + text.slice(1) : text;
}

/** An answer's meaning ("Đồng ý thông qua nội dung được trình.") as the end of a sentence that has its own full stop. */
export function asClause(meaning: string): string {
  return lowerFirst(meaning.normalize("NFC").trim().replace(/\.$/, ""));
}
