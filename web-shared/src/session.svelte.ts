// What a page knows of its council, and what it may do: the newest view of each topic, the state of the line, signed orders
// and votes. There is one source for every figure on the screen, and it never runs backwards.

import { clock } from "./clock.svelte.ts";
import { isEntitled } from "./entitled.ts";
import { Link, type Connection } from "./link.ts";
import { Outbox, type Answer } from "./outbox.ts";
import { socketUrl } from "./place.ts";
import type { Identity, StoredReceipt } from "./record/keys.ts";
import { signOrder, type Order, type SignedOrder } from "./record/order.ts";
import { signingProblem } from "./record/sign.ts";
import { Voter } from "./voter.svelte.ts";
import type { VoteHandle } from "./votes.svelte.ts";
import type {
  BallotView,
  ConsoleView,
  CouncilView,
  Found,
  LiveView,
  MeView,
  Page,
  Query,
  QuestionView,
  Receipt,
  Reply,
  RollView,
  SeatsView,
  ServerFrame,
  SpeakingView,
} from "./wire.ts";

export type { Connection } from "./link.ts";

export type SessionOptions = { council: string; page: Page; identity?: Identity | null };

export type QueryResult = { ok: true; found: Found } | { ok: false; code: string };

export type OrderResult =
  | { ok: true; receipt?: Receipt; reply?: Reply }
  /** `retry`: nothing is wrong with the order itself; trying again may work. */
  | { ok: false; code: string; retry: boolean };

/** My vote in a ballot as the record has it. `checked`: this device holds the receipt and has verified it. */
export type RecordedVote = {
  ballot: string;
  answer: string;
  /** Further candidates, in an election. */
  more: readonly string[];
  at: number;
  seq: number;
  short: string;
  checked: boolean;
};

/**
 * Something that must not be: `forked`: the record ran backwards · `wrong_key`: the record's key is not the one this device
 * was enrolled with · `bad_receipt`: a receipt did not verify. Kept until the page is opened anew.
 */
export type Alarm = "forked" | "wrong_key" | "bad_receipt";

/** An order whose answer takes longer than this is reported as unanswered. The same tap may then be made again. */
const ORDER_LIMIT_MS = 12_000;
/** After a reconnection another server may be a moment behind; a record that stays shorter for longer is a fork. */
const BEHIND_LIMIT_MS = 5_000;

type Topic = Extract<ServerFrame, { type: "view" }>["topic"];

export class Session {
  council = $state.raw<CouncilView | null>(null);
  roll = $state.raw<RollView | null>(null);
  live = $state.raw<LiveView | null>(null);
  seats = $state.raw<SeatsView | null>(null);
  speaking = $state.raw<SpeakingView | null>(null);
  console = $state.raw<ConsoleView | null>(null);
  me = $state.raw<MeView | null>(null);

  connection = $state<Connection>("connecting");
  /** Why, for `refused` and `unsupported`: a code of the refusals catalogue. */
  reason = $state<string | null>(null);
  /** Server time of the last sign of life: until then, what is shown was current. */
  asOf = $state<number | null>(null);
  /** Round trip of the last ping. */
  latencyMs = $state<number | null>(null);
  alarm = $state<Alarm | null>(null);

  readonly identity: Identity | null;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #voter: Voter | null;
  readonly #sizes = new Map<Topic, number>();
  #behindSince: number | null = null;
  #joinedAt = 0;

  constructor(options: SessionOptions) {
    this.identity = options.identity ?? null;
    this.#outbox = new Outbox((frame) => this.#link.live && this.#link.send(frame));
    this.#voter = this.identity
      ? new Voter({
          identity: this.identity,
          outbox: this.#outbox,
          me: () => this.me,
          itemNumber: (question) => this.council?.agenda.find((item) => item.id === question.item)?.number ?? "",
          onBadReceipt: () => (this.alarm = "bad_receipt"),
        })
      : null;
    this.#link = new Link({
      url: socketUrl(options.council),
      page: options.page,
      identity: this.identity,
      onFrame: (frame) => this.#received(frame),
      onConnection: (connection, code) => this.#connectionChanged(connection, code),
      onSignOfLife: () => (this.asOf = clock.exact()),
    });
  }

  get forked(): boolean {
    return this.alarm === "forked";
  }

  /** The newest choice made on this page. */
  get latestVote(): VoteHandle | null {
    return this.#voter?.latest ?? null;
  }

  /** Checked receipts kept on this device, newest first. */
  get receipts(): StoredReceipt[] {
    return this.#voter?.receipts ?? [];
  }

  /** My vote in this ballot, if any is recorded. */
  recorded(ballot: string): RecordedVote | null {
    const mine = this.receipts.find((r) => r.ballot === ballot);
    const vote = this.me?.vote?.ballot === ballot ? this.me.vote : null;
    if (mine && (!vote || mine.turn >= vote.turn))
      return { ballot, answer: mine.answer, more: mine.more ?? [], at: mine.at, seq: mine.seq, short: mine.short, checked: true };
    return vote && { ballot, answer: vote.answer, more: vote.more, at: vote.at, seq: vote.seq, short: vote.short, checked: false };
  }

  /**
   * A ballot runs in which this person may vote and has no vote recorded. With the line down only as long as the ballot had:
   * whether it still runs is not known here.
   */
  get owesVote(): boolean {
    const ballot = this.live?.ballot ?? null;
    if (!ballot || !isRunning(ballot) || !this.me) return false;
    if (this.connection !== "live" && (ballot.closes_at === null || clock.remaining(ballot.closes_at) === 0)) return false;
    const questions = this.council?.agenda.flatMap((item) => item.questions) ?? [];
    const question = questions.find(({ id }) => id === ballot.question) ?? null;
    return isEntitled(question, this.me.person) && this.recorded(ballot.id) === null;
  }

  /** Signs the order and sends it until it is answered. */
  async order(order: Order): Promise<OrderResult> {
    let signed: SignedOrder;
    try {
      signed = await this.sign(order);
    } catch (error) {
      return { ok: false, code: signingProblem(error), retry: false };
    }
    const answer = await this.#outbox.add({ type: "order", id: crypto.randomUUID(), ...signed }, ORDER_LIMIT_MS);
    return orderResult(answer);
  }

  /** Looks something up; officers' pages only. */
  async query(query: Query): Promise<QueryResult> {
    const answer = await this.#outbox.add({ type: "query", id: crypto.randomUUID(), query }, ORDER_LIMIT_MS);
    if (answer.kind === "found") return { ok: true, found: answer.found };
    return { ok: false, code: answer.kind === "refused" ? answer.code : "no_answer" };
  }

  /** For orders that travel by HTTP. */
  async sign(order: Order): Promise<SignedOrder> {
    if (!this.identity) throw new Error("this page acts for nobody");
    return signOrder(this.identity, order);
  }

  /** Casts or changes my vote. The page builds the question's document from what it shows; another hash is refused here. */
  vote(ballot: BallotView, question: QuestionView, answer: string | readonly string[]): VoteHandle {
    if (!this.#voter) throw new Error("this page acts for nobody");
    return this.#voter.vote(ballot, question, answer);
  }

  reconnectNow(): void {
    this.#link.reconnectNow();
  }

  /** After `replaced`: this window instead of the newer one. */
  takeBack(): void {
    this.#link.takeBack();
  }

  close(): void {
    this.#link.close();
    this.#outbox.stop();
  }

  #received(frame: ServerFrame): void {
    switch (frame.type) {
      case "view":
        if (this.#newer(frame.topic, frame.size)) this.#show(frame);
        break;
      case "receipt":
        this.#outbox.receipt(frame.id, frame.receipt);
        break;
      case "done":
        this.#outbox.done(frame.id, frame.reply);
        break;
      case "found":
        this.#outbox.found(frame.id, frame.found);
        break;
      case "refused":
        this.#outbox.refused(frame.id, frame.code, frame.retry);
        break;
      case "error":
        if (frame.id !== null) this.#outbox.refused(frame.id, frame.code, false);
        break;
      case "pong":
        this.latencyMs = Math.max(0, Math.round(performance.timeOrigin + performance.now() - frame.at));
        break;
      default:
        break;
    }
  }

  /** A state made from fewer entries than one already shown is never shown. */
  #newer(topic: Topic, size: number): boolean {
    const shown = this.#sizes.get(topic) ?? 0;
    if (size >= shown) {
      this.#sizes.set(topic, size);
      this.#behindSince = null;
      return true;
    }
    const now = Date.now();
    this.#behindSince ??= now;
    if (now - this.#joinedAt > BEHIND_LIMIT_MS || now - this.#behindSince > BEHIND_LIMIT_MS) this.alarm = "forked";
    return false;
  }

  #show(frame: Extract<ServerFrame, { type: "view" }>): void {
    switch (frame.topic) {
      case "council":
        this.council = frame.state;
        if (this.identity && frame.state.vkey !== this.identity.vkey) this.alarm = "wrong_key";
        break;
      case "roll":
        this.roll = frame.state;
        break;
      case "live":
        this.live = frame.state;
        this.#link.urgent = frame.state.ballot?.state === "open";
        if (!isRunning(frame.state.ballot)) this.#voter?.ballotClosed();
        break;
      case "seats":
        this.seats = frame.state;
        break;
      case "speaking":
        this.speaking = frame.state;
        break;
      case "console":
        this.console = frame.state;
        break;
      case "me":
        this.me = frame.state;
        this.#voter?.meChanged();
        break;
    }
  }

  #connectionChanged(connection: Connection, code: string | null): void {
    this.connection = connection;
    this.reason = code;
    if (connection !== "live") return;
    this.#joinedAt = Date.now();
    this.#outbox.flush();
  }
}

export function createSession(options: SessionOptions): Session {
  return new Session(options);
}

export function isRunning(ballot: BallotView | null): boolean {
  return ballot?.state === "open" || ballot?.state === "on_hold";
}

function orderResult(answer: Answer): OrderResult {
  switch (answer.kind) {
    case "receipt":
      return { ok: true, receipt: answer.receipt };
    case "done":
      return { ok: true, reply: answer.reply };
    case "found":
      return { ok: true };
    case "refused":
      return { ok: false, code: answer.code, retry: answer.retry };
  }
}
