// What the wall shows, decided from the views alone. Pure, so that every case is tested without a browser.
//
// The server names a mode; the state of what it speaks of has the last word inside it, so that a closed ballot never looks
// open, a voided one never looks like a result, and a suspended sitting never looks like one that goes on.

import type {
  BallotView,
  CardView,
  CouncilView,
  ItemView,
  LiveView,
  QuestionView,
  RequestView,
  RoundView,
  SpeakingView,
  SpeechView,
  SuspensionView,
  WallMode,
  WallView,
} from "@dienhong/web-shared/wire.ts";

/** Which wall this page is, and whether the server told it what happens behind closed doors. */
export interface Place {
  /** From the address; `null`: the main wall. */
  wall: string | null;
  /** The page joined as a device of the hall. */
  signed: boolean;
}

export interface BallotScene {
  item: ItemView | null;
  question: QuestionView | null;
  ballot: BallotView;
}

export type Scene =
  | { kind: "connecting" }
  | { kind: "blank" }
  | { kind: "closed_doors" }
  | { kind: "unknown_wall"; wall: string }
  | { kind: "suspended"; suspension: SuspensionView }
  | { kind: "title"; card: CardView }
  | { kind: "countdown"; card: CardView; until: number }
  | { kind: "welcome" }
  | { kind: "roll_call" }
  | { kind: "agenda" }
  | { kind: "item"; item: ItemView; under: ItemView | null; next: ItemView | null }
  /** Somebody has the floor, or will have. `next`: who is called after that, the first two. */
  | { kind: "speaker"; item: ItemView | null; speech: SpeechView | null; next: readonly RequestView[] }
  | { kind: "interpellation"; item: ItemView | null; speech: SpeechView | null; round: RoundView; askers: readonly Asker[] }
  | ({ kind: "voting" } & BallotScene)
  | ({ kind: "result" } & BallotScene)
  /** Voided before it counted, or annulled after it was announced. */
  | ({ kind: "struck" } & BallotScene);

/** One who asks in a round of interpellation. */
export interface Asker {
  key: string;
  name: string;
  topic: string | null;
  state: "asked" | "asking" | "waiting";
}

/** Called next, as many as the foot has room for. */
const NEXT = 2;
/** Modes that speak of what goes on at this moment: while the sitting is suspended nothing does. */
const PROCEEDINGS: readonly WallMode[] = ["item", "speaker", "interpellation"];

/** The wall's own name and content; `null` where there is no such wall. */
export function wallOf(live: LiveView, wall: string | null): { name: string | null; shown: WallView } | null {
  if (wall === null || wall === MAIN) return { name: null, shown: live.wall };
  const found = live.walls.find((one) => one.id === wall);
  return found ? { name: found.name, shown: found.own ?? live.wall } : null;
}

/** The main wall's id. */
const MAIN = "w1";

export function sceneOf(council: CouncilView | null, live: LiveView | null, speaking: SpeakingView | null, place: Place): Scene {
  if (!council || !live) return { kind: "connecting" };
  if (live.closed_doors && !isTold(live, place)) return { kind: "closed_doors" };
  const wall = wallOf(live, place.wall);
  if (!wall) return { kind: "unknown_wall", wall: place.wall ?? MAIN };
  const suspension = live.sitting?.suspension ?? null;
  if (suspension && givesWay(wall.shown, suspension)) return { kind: "suspended", suspension };
  return sceneOfMode(wall.shown, council, live, speaking);
}

/** A device that signed in but is nobody of the hall gets the public's view, which holds no figures: a quorum of nothing. */
function isTold(live: LiveView, place: Place): boolean {
  return place.signed && live.attendance.quorum.base_count > 0;
}

/**
 * What was ordered after the suspension stands. What stood before it gives way, and so does whatever speaks of proceedings, and
 * the card that came with the suspension: this page can say what kind of pause it is.
 */
function givesWay(shown: WallView, suspension: SuspensionView): boolean {
  return PROCEEDINGS.includes(shown.mode) || (shown.since <= suspension.since && shown.mode !== "blank");
}

function sceneOfMode(shown: WallView, council: CouncilView, live: LiveView, speaking: SpeakingView | null): Scene {
  switch (shown.mode) {
    case "blank":
    case "welcome":
    case "roll_call":
    case "agenda":
      return { kind: shown.mode };
    case "item":
      return itemScene(council, live);
    case "title":
    case "countdown":
      return cardScene(shown, council, live);
    case "speaker":
      return speakerScene(council, live, speaking);
    case "interpellation":
      return interpellationScene(council, live, speaking);
    case "voting":
    case "result":
      return live.ballot ? ballotScene(council, live.ballot) : itemScene(council, live);
  }
}

/** Two scenes with the same key are one picture that changes; another key is another picture, which fades in. */
export function sceneKey(scene: Scene): string {
  switch (scene.kind) {
    case "item":
      return `item ${scene.item.id}`;
    case "title":
    case "countdown":
      return `${scene.kind} ${scene.card.title}`;
    case "speaker":
    case "interpellation":
      return `floor ${scene.speech?.id ?? "free"}`;
    case "voting":
    case "result":
    case "struck":
      return `${scene.kind} ${scene.ballot.id}`;
    default:
      return scene.kind;
  }
}

function currentItem(council: CouncilView, live: LiveView): ItemView | null {
  return council.agenda.find((item) => item.id === live.item) ?? null;
}

function itemScene(council: CouncilView, live: LiveView): Scene {
  const item = currentItem(council, live);
  if (!item) return { kind: "agenda" };
  const parents = new Set(council.agenda.map((one) => one.parent));
  const later = council.agenda.slice(council.agenda.indexOf(item) + 1);
  const next = later.find((one) => one.state === "upcoming" && !parents.has(one.id)) ?? null;
  const under = council.agenda.find((one) => one.id === item.parent) ?? null;
  return { kind: "item", item, under, next };
}

/** A card without words is no card: then the wall says what goes on. */
function cardScene(shown: WallView, council: CouncilView, live: LiveView): Scene {
  const { card, mode } = shown;
  if (!card) return itemScene(council, live);
  if (mode === "countdown" && card.until !== null) return { kind: "countdown", card, until: card.until };
  return { kind: "title", card };
}

function speakerScene(council: CouncilView, live: LiveView, speaking: SpeakingView | null): Scene {
  const speech = speaking?.speech ?? null;
  const next = speaking?.queue.slice(0, NEXT) ?? [];
  if (!speech && next.length === 0) return itemScene(council, live);
  return { kind: "speaker", item: currentItem(council, live), speech, next };
}

function interpellationScene(council: CouncilView, live: LiveView, speaking: SpeakingView | null): Scene {
  if (!speaking?.round) return speakerScene(council, live, speaking);
  const { round, speech } = speaking;
  return { kind: "interpellation", item: currentItem(council, live), speech, round, askers: askersOf(speaking, round) };
}

/** Who has asked in the round, who asks now, and who will, up to the round's number. */
function askersOf({ speech, queue }: SpeakingView, round: RoundView): Asker[] {
  const asking = speech?.kind === "interpellate" ? speech.person.id : null;
  const asked = round.asked.map(({ person, topic }, i): Asker => {
    const isLast = i === round.asked.length - 1;
    return { key: `asked ${i}`, name: person.name, topic, state: isLast && person.id === asking ? "asking" : "asked" };
  });
  const waiting = queue
    .filter((request) => request.kind === "interpellate" && (request.to === null || request.to.id === round.official.id))
    .map((request): Asker => ({ key: request.id, name: request.person.name, topic: request.topic, state: "waiting" }));
  // As many as ask in a round; where more did, the last of them.
  return [...asked.slice(-Math.max(1, round.askers)), ...waiting].slice(0, Math.max(1, round.askers));
}

function ballotScene(council: CouncilView, ballot: BallotView): Scene {
  const item = council.agenda.find((one) => one.id === ballot.item) ?? null;
  const question = item?.questions.find((one) => one.id === ballot.question) ?? null;
  return { kind: ballotKind(ballot), item, question, ballot };
}

function ballotKind(ballot: BallotView): "voting" | "result" | "struck" {
  switch (ballot.state) {
    case "open":
    case "on_hold":
      return "voting";
    case "closed":
    case "confirmed":
    case "announced":
      return ballot.result ? "result" : "voting";
    case "voided":
    case "annulled":
      return "struck";
  }
}
