// Which buttons the ballot card has in which state, which of them is the filled one, and why one is off.

import { isSecret, unfinished, type Situation } from "./situation.ts";
import type { Rights } from "./rights.ts";

export type ActionId =
  | "open"
  | "hold"
  | "resume"
  | "extend"
  | "close"
  | "void"
  | "again"
  | "confirm"
  | "cast_adopted"
  | "cast_rejected"
  | "announce"
  | "next_question"
  | "annul";

/** Why a button that is shown cannot be pressed now. Each has one sentence in the words. */
export type OffReason =
  | "offline"
  | "gavel_elsewhere"
  | "gavel_free"
  | "not_quorate"
  | "after_casting"
  | "after_announce"
  | "no_sitting"
  | "suspended"
  | "ballot_running"
  | "no_next"
  | "no_result"
  | "on_paper"
  | "not_yours";

export interface Action {
  id: ActionId;
  /** One `primary` a state; `danger` stands apart and never has a key. */
  tone: "primary" | "plain" | "danger";
  changesWall: boolean;
  off: OffReason | null;
}

export interface Circumstances {
  situation: Situation;
  rights: Rights;
  connected: boolean;
  gavelFree: boolean;
}

/** In the order they stand on the card. */
export function ballotActions(at: Circumstances): Action[] {
  const off = presidingOff(at);
  const act = (id: ActionId, tone: Action["tone"], changesWall = false, own: OffReason | null = null): Action => ({
    id,
    tone,
    changesWall,
    off: off ?? own,
  });
  switch (at.situation.step) {
    case "none":
    case "secret":
      return [];
    case "draft":
      return [act("open", "primary", true, openOff(at.situation))];
    case "open":
      return [act("close", "primary", true), act("hold", "plain"), act("extend", "plain"), act("void", "danger", true)];
    case "on_hold":
      return [act("resume", "primary", true), act("extend", "plain"), act("close", "plain", true), act("void", "danger", true)];
    case "closed":
      return [...confirming(at, act), act("again", "plain", true), act("void", "danger", true)];
    case "confirmed":
      return [act("announce", "primary", true), act("again", "plain", true), act("void", "danger", true)];
    case "announced":
      return [...goingOn(at, act), act("annul", "danger", true)];
  }
}

type Make = (id: ActionId, tone: Action["tone"], changesWall?: boolean, own?: OffReason | null) => Action;

/**
 * Announcing confirms as well, so that it is one tap; confirming alone stays possible. A tie that the rule leaves to the chair
 * is confirmed by casting a vote: two buttons, neither of them filled.
 */
function confirming(at: Circumstances, act: Make): Action[] {
  return at.situation.tie
    ? [act("cast_adopted", "plain"), act("cast_rejected", "plain"), act("announce", "plain", true, "after_casting")]
    : [act("announce", "primary", true), act("confirm", "plain")];
}

/** The next question of a block is opened directly; the server changes items where it must. */
function goingOn(at: Circumstances, act: Make): Action[] {
  return at.situation.upcoming ? [act("next_question", "primary", true, openOff(at.situation))] : [];
}

/** What the server would refuse anyway: said before it is asked. */
function openOff(situation: Situation): OffReason | null {
  if (situation.suspension) return "suspended";
  if (situation.running) return "ballot_running";
  // By the council's rules no tablet may know who chose what: counted by people, recorded as such.
  if (isSecret(situation.item)) return "on_paper";
  return situation.quorate || !situation.quorumEnforced ? null : "not_quorate";
}

/** The one-tap way on, with its reason when it has to wait. */
export function nextOff(at: Circumstances): OffReason | null {
  if (!at.situation.next) return "no_next";
  return presidingOff(at) ?? notSitting(at.situation) ?? waiting(at.situation);
}

export function presidingOff(at: Circumstances): OffReason | null {
  if (!at.connected) return "offline";
  if (!at.rights.preside) return at.gavelFree ? "gavel_free" : "gavel_elsewhere";
  return null;
}

/** Whether anything of value would be lost by closing now, so that the card asks first. */
export function closesEarly(situation: Situation, missing: number, remainingMs: number | null): boolean {
  const timeOver = remainingMs !== null && remainingMs <= 0;
  return (situation.step === "open" || situation.step === "on_hold") && missing > 0 && !timeOver;
}

function notSitting(situation: Situation): OffReason | null {
  if (situation.suspension) return "suspended";
  return situation.stage === "no_sitting" ? "no_sitting" : null;
}

function waiting(situation: Situation): OffReason | null {
  return unfinished(situation.step) ? "after_announce" : null;
}
