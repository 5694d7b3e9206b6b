// The queue as the console shows it: who is next, why somebody stands before others, and where a request moves to.

import type { ConsoleView, Presence, RequestView, RoundView, SpeakingRulesView, SpeechKind } from "@dienhong/web-shared/wire.ts";

/** Why a request stands before others that came earlier. */
export type Precedence = "point_of_order" | "asker_rebuts" | "rebut";

export interface QueueLine {
  request: RequestView;
  /** From 1. */
  place: number;
  /** What the rules give it; 0: no limit. */
  seconds: number;
  precedence: Precedence | null;
  presence: Presence | null;
}

export function queueLines(
  queue: readonly RequestView[],
  round: RoundView | null,
  rules: SpeakingRulesView | null,
  console_: ConsoleView | null,
): QueueLine[] {
  const presence = new Map((console_?.people ?? []).map((entry) => [entry.id, entry.presence]));
  return queue.map((request, at) => ({
    request,
    place: at + 1,
    seconds: rules ? rules[request.kind] : 0,
    precedence: precedenceOf(request, round),
    presence: presence.get(request.person.id) ?? null,
  }));
}

function precedenceOf(request: RequestView, round: RoundView | null): Precedence | null {
  if (request.kind === "point_of_order") return "point_of_order";
  if (request.kind !== "rebut") return null;
  return round?.asked.some((asked) => asked.person.id === request.person.id) ? "asker_rebuts" : "rebut";
}

/** A request on its way to another place, until its reason is given. */
export interface Move {
  request: string;
  /** The request it will stand before; `null`: last. */
  before: string | null;
}

/** The move that brings a request to a place, counted from 0; `null` where it stands there already or is gone. */
export function moveTo(ids: readonly string[], request: string, place: number): Move | null {
  const from = ids.indexOf(request);
  const to = Math.min(Math.max(0, place), ids.length - 1);
  if (from === -1 || from === to) return null;
  return { request, before: ids.filter((id) => id !== request)[to] ?? null };
}

/** The queue as it would be. A move whose request has left the queue changes nothing; one whose neighbour left goes last. */
export function moved<T extends { id: string }>(queue: readonly T[], move: Move | null): T[] {
  const taken = move ? queue.find((request) => request.id === move.request) : undefined;
  if (!move || !taken) return [...queue];
  const rest = queue.filter((request) => request !== taken);
  const at = move.before === null ? -1 : rest.findIndex((request) => request.id === move.before);
  rest.splice(at === -1 ? rest.length : at, 0, taken);
  return rest;
}

/** Where a request dragged to this height would stand: after every other one whose middle lies above. */
export function placeAt(middles: readonly number[], y: number): number {
  return middles.filter((middle) => middle < y).length;
}

/** What somebody is most likely given the floor for. */
export function likelyKind(isOfficial: boolean, inRound: boolean): SpeechKind {
  if (!isOfficial) return "speak";
  return inRound ? "answer" : "explain";
}

export type AskerState = "asked" | "asking" | "next" | "open";

export interface AskerPlace {
  /** From 1. */
  place: number;
  name: string | null;
  topic: string | null;
  state: AskerState;
}

/** The round's places: who asked, who is asking now, and who of the queue comes next. */
export function askerPlaces(round: RoundView, queue: readonly RequestView[], asking: string | null): AskerPlace[] {
  const waiting = queue.filter((request) => request.kind === "interpellate" && (request.to === null || request.to.id === round.official.id));
  const size = Math.max(round.askers, round.asked.length);
  return Array.from({ length: size }, (_, at) => {
    const asked = round.asked[at];
    if (asked) {
      const now = at === round.asked.length - 1 && asked.person.id === asking;
      return { place: at + 1, name: asked.person.name, topic: asked.topic, state: now ? "asking" : "asked" };
    }
    const next = waiting[at - round.asked.length];
    return { place: at + 1, name: next?.person.name ?? null, topic: next?.topic ?? null, state: next ? "next" : "open" };
  });
}

/** As many have asked as one round takes: the answers come first. */
export function isRoundFull(round: RoundView | null): boolean {
  return round !== null && round.askers > 0 && round.asked.length >= round.askers;
}
