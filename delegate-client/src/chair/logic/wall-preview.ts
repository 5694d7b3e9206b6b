// What a wall shows, and what it would show: the same small picture for both.

import type { WallPicture } from "@dienhong/web-shared/components/WallMini.svelte";
import { leftMs as speechLeftMs, spentMs } from "@dienhong/web-shared/speech.ts";
import type { BallotView, CardView, CouncilView, LiveView, QuestionView, SpeakingView, WallMode } from "@dienhong/web-shared/wire.ts";
import { ranking } from "./answers.ts";
import type { Situation } from "./situation.ts";

/** The debate and the moment, for the pictures that have a clock. */
export interface Moment {
  speaking: SpeakingView | null;
  /** Server time. */
  now: number;
}

/** How many of the queue the speaker's picture names. */
const NEXT_SHOWN = 2;

/** How many options or candidates have room in the small picture. */
const RANKS_SHOWN = 3;

/** What the main wall shows. */
export function wallNow(council: CouncilView, live: LiveView, leftMs: number | null, moment: Moment = { speaking: null, now: 0 }): WallPicture {
  const item = council.agenda.find((candidate) => candidate.id === live.item) ?? null;
  const question = council.agenda.flatMap((candidate) => candidate.questions).find(({ id }) => id === live.ballot?.question) ?? null;
  const lines = council.agenda.filter((candidate) => candidate.state !== "done").slice(0, 4);
  return {
    mode: live.wall.mode,
    card: cardPicture(live.wall.card, moment.now),
    council: council.short_name,
    session: council.session?.title ?? "",
    sitting: live.sitting?.title ?? "",
    item: item ? { number: item.number, title: item.short_title } : null,
    ballot: live.ballot ? ballotPicture(live.ballot, question, leftMs) : null,
    agenda: lines.map((line) => ({ number: line.number, title: line.short_title, state: line.state })),
    present: live.attendance.present,
    inOffice: live.attendance.in_office,
    quorate: live.attendance.quorate,
    speech: speechPicture(moment),
    waiting: (moment.speaking?.queue ?? []).slice(0, NEXT_SHOWN).map((request) => request.person.name),
    round: roundPicture(moment.speaking),
    ticker: live.ticker,
    closedDoors: live.closed_doors,
    rehearsal: council.rehearsal,
  };
}

/** The same hall with another mode on: another wall's, or one that is about to be chosen. */
export function wallWith(now: WallPicture, mode: WallMode, card: CardView | null, at: number): WallPicture {
  return { ...now, mode, card: cardPicture(card, at) };
}

export type NextAct = "open" | "close" | "announce" | "item" | "sitting";

/** The next act the chair is offered and the wall after it; `null` when nothing on offer changes the wall. `present`: of those who may vote. */
export function wallAfter(now: WallPicture, at: Situation, seconds: number, present = now.present): { act: NextAct; picture: WallPicture } | null {
  const empty = { closed: false, held: false, counts: null, ranking: [], verdict: null };
  if (at.stage === "no_sitting") return { act: "sitting", picture: { ...now, mode: "welcome" } };
  switch (at.step) {
    case "draft":
      return {
        act: "open",
        picture: {
          ...now,
          mode: "voting",
          ballot: { ...empty, received: 0, present, leftMs: seconds > 0 ? seconds * 1000 : null },
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
              ballot: { ...ballotPicture(at.ballot, at.question, null), verdict: at.ballot.result?.verdict ?? at.proposed },
            },
          }
        : null;
    default:
      return at.next
        ? { act: "item", picture: { ...now, mode: "item", item: { number: at.next.number, title: at.next.short_title }, ballot: null } }
        : null;
  }
}

/** Why a mode has nothing to show now; `null` where it has. */
export type NothingToShow = "no_item" | "no_ballot" | "no_result" | "no_speaker" | "no_round";

/** What the server would refuse, said before it is asked. */
export function nothingToShow(mode: WallMode, at: Situation, live: LiveView | null, speaking: SpeakingView | null): NothingToShow | null {
  switch (mode) {
    case "item":
      return at.item ? null : "no_item";
    case "voting":
      return at.running ? null : "no_ballot";
    case "result":
      return live?.ballot?.result ? null : "no_result";
    case "speaker":
      return speaking && (speaking.speech || speaking.queue.length > 0) ? null : "no_speaker";
    case "interpellation":
      return speaking?.round ? null : "no_round";
    default:
      return null;
  }
}

function ballotPicture(ballot: BallotView, question: QuestionView | null, leftMs: number | null): NonNullable<WallPicture["ballot"]> {
  const ranked = question && question.form !== "motion" ? question : null;
  const count = (answer: string) => ballot.result?.counts.find((entry) => entry.answer === answer)?.count ?? 0;
  return {
    closed: ballot.state !== "open" && ballot.state !== "on_hold",
    held: ballot.state === "on_hold",
    received: ballot.received,
    present: ballot.present,
    leftMs,
    counts: ballot.result && !ranked
      ? { yes: count("yes"), no: count("no"), abstain: count("abstain"), base: ballot.result.in_office }
      : null,
    ranking: ballot.result && ranked ? ranking(ranked, ballot.result).slice(0, RANKS_SHOWN) : [],
    verdict: ballot.result?.verdict ?? null,
  };
}

function cardPicture(card: CardView | null, now: number): WallPicture["card"] {
  return card && { title: card.title, text: card.text, leftMs: card.until === null ? null : Math.max(0, card.until - now) };
}

function speechPicture({ speaking, now }: Moment): WallPicture["speech"] {
  const speech = speaking?.speech;
  if (!speech) return null;
  const left = speechLeftMs(speech, now);
  return {
    name: speech.person.name,
    group: speech.group,
    kind: speech.kind,
    leftMs: left,
    spentMs: spentMs(speech, now),
    paused: speech.running_since === null,
  };
}

function roundPicture(speaking: SpeakingView | null): WallPicture["round"] {
  const round = speaking?.round;
  if (!round) return null;
  const asking = speaking.speech?.kind === "interpellate" ? speaking.speech.person.id : null;
  return {
    official: round.official.name,
    askers: round.asked.map((asked, at) => ({ name: asked.person.name, now: at === round.asked.length - 1 && asked.person.id === asking })),
  };
}
