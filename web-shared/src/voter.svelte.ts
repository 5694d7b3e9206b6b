// Casting and changing one's vote. One statement is under way at a time: a newer choice waits for the answer to the older
// one, because its turn depends on whether the older one was taken. What was signed is kept until it is answered, also
// over a reload.

import type { Outbox } from "./outbox.ts";
import {
  dropPending,
  pendingOf,
  receiptsOf,
  savePending,
  saveReceipt,
  type Identity,
  type PendingVote,
  type StoredReceipt,
} from "./record/keys.ts";
import { questionHash } from "./record/question.ts";
import { checkReceipt } from "./record/receipt.ts";
import { signAs, signingProblem } from "./record/sign.ts";
import { encodeVote, newNonce } from "./record/statement.ts";
import { VoteHandle } from "./votes.svelte.ts";
import type { BallotView, MeView, QuestionView } from "./wire.ts";

/** After closing, only the answer is still wanted: was it in time or not? */
const AFTER_CLOSE_MS = 15_000;
/** A signed vote found after a reload is asked about for so long. */
const RESUMED_MS = 60_000;
/** How often a turn that the server finds wrong is taken anew from what the server knows. */
const TURN_TRIES = 3;
/** How long the newest state may take to follow a refusal. */
const ME_WAIT_MS = 2_000;

export type VoterOptions = {
  identity: Identity;
  outbox: Outbox;
  me(): MeView | null;
  /** The agenda number of the question's item, for the receipt. */
  itemNumber(question: QuestionView): string;
  onBadReceipt(): void;
};

type Wish = { handle: VoteHandle; ballot: BallotView; question: QuestionView };

export class Voter {
  /** The newest choice of this page, whatever ballot it was for. */
  latest = $state.raw<VoteHandle | null>(null);
  /** Checked receipts kept on this device, newest first. */
  receipts = $state.raw<StoredReceipt[]>([]);

  readonly #o: VoterOptions;
  #next: Wish | null = null;
  #busy = false;
  #sentId: string | null = null;
  #meListeners = new Set<() => void>();

  constructor(options: VoterOptions) {
    this.#o = options;
    void this.#load();
  }

  /** One answer; several candidates in an election, in any order. */
  vote(ballot: BallotView, question: QuestionView, answer: string | readonly string[]): VoteHandle {
    const [first, ...more] = typeof answer === "string" ? [answer] : inOrder(question, answer);
    if (first === undefined) throw new Error("a vote names at least one answer");
    const handle = new VoteHandle(ballot.id, first, more);
    if (this.#next) this.#next.handle.state = "replaced";
    this.#next = { handle, ballot, question };
    this.latest = handle;
    void this.#pump();
    return handle;
  }

  meChanged(): void {
    for (const listener of this.#meListeners) listener();
  }

  ballotClosed(): void {
    if (this.#sentId) this.#o.outbox.limit(this.#sentId, AFTER_CLOSE_MS);
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#next) {
        const wish = this.#next;
        this.#next = null;
        await this.#cast(wish);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #cast({ handle, ballot, question }: Wish): Promise<void> {
    if ((await questionHash(question)) !== ballot.document_sha256) return refuse(handle, "wrong_document");
    for (let attempt = 1; ; attempt++) {
      const turn = this.#turnOf(ballot.id);
      let pending: PendingVote;
      try {
        pending = await this.#sign(ballot, question, handle, turn);
      } catch (error) {
        return refuse(handle, signingProblem(error));
      }
      handle.turn = turn;
      handle.state = "sending";
      const code = await this.#settle(handle, pending, null);
      if (code === null) return;
      const stale = code === "turn_used" || code === "turn_skipped";
      if (!stale || attempt >= TURN_TRIES || !(await this.#turnMoved(ballot.id, turn))) return refuse(handle, code);
    }
  }

  /** Sends until answered. `null` when recorded, otherwise the refusal's code. */
  async #settle(handle: VoteHandle, pending: PendingVote, limit: number | null): Promise<string | null> {
    const id = crypto.randomUUID();
    this.#sentId = id;
    // Kept before the answer, so that a reload in between can ask again; not awaited, because the vote itself must not wait.
    void savePending(pending).catch(() => undefined);
    const answer = await this.#o.outbox.add({ type: "cast_vote", id, statement: pending.statement }, limit, () => (handle.late = true));
    this.#sentId = null;
    handle.late = false;
    if (answer.kind !== "receipt") {
      const code = answer.kind === "refused" ? answer.code : "internal";
      if (code !== "no_answer") void dropPending(pending).catch(() => undefined);
      return code;
    }
    try {
      const checked = await checkReceipt(answer.receipt, this.#o.identity.vkey, pending.statement);
      const kept: StoredReceipt = {
        ...pick(pending),
        at: checked.time,
        seq: checked.seq,
        short: checked.short,
        statement: pending.statement,
        receipt: answer.receipt,
      };
      this.receipts = [kept, ...this.receipts.filter((r) => r.seq !== kept.seq)];
      handle.receipt = checked;
      handle.state = "recorded";
      void saveReceipt(kept).catch(() => undefined);
      void dropPending(pending).catch(() => undefined);
      return null;
    } catch {
      this.#o.onBadReceipt();
      return "bad_receipt";
    }
  }

  async #sign(ballot: BallotView, question: QuestionView, chosen: VoteHandle, turn: number): Promise<PendingVote> {
    const { identity } = this.#o;
    const { answer, more } = chosen;
    const text = encodeVote({
      log: identity.origin,
      ballot: ballot.id,
      document: ballot.document_sha256,
      person: identity.person,
      choice: answer,
      more,
      turn,
      nonce: newNonce(),
    });
    const statement = await signAs(identity, text);
    return {
      council: identity.council,
      person: identity.person,
      ballot: ballot.id,
      item: this.#o.itemNumber(question),
      title: question.title,
      answer,
      ...(more.length > 0 ? { more: [...more] } : {}),
      turn,
      statement,
      signedAt: Date.now(),
    };
  }

  /** One after the last turn known here or to the server. */
  #turnOf(ballot: string): number {
    const here = this.receipts.find((r) => r.ballot === ballot)?.turn ?? 0;
    const vote = this.#o.me()?.vote;
    const there = vote?.ballot === ballot ? vote.turn : 0;
    return Math.max(here, there) + 1;
  }

  /** Waits for the server's newest word on my last vote; true when another turn follows from it. */
  async #turnMoved(ballot: string, tried: number): Promise<boolean> {
    const until = Date.now() + ME_WAIT_MS;
    while (this.#turnOf(ballot) === tried && Date.now() < until) {
      await new Promise<void>((done) => {
        const timer = setTimeout(finish, Math.max(0, until - Date.now()));
        const listeners = this.#meListeners;
        function finish(): void {
          clearTimeout(timer);
          listeners.delete(finish);
          done();
        }
        listeners.add(finish);
      });
    }
    return this.#turnOf(ballot) !== tried;
  }

  async #load(): Promise<void> {
    const { council, person } = this.#o.identity;
    this.#busy = true;
    const stored = await receiptsOf(council, person);
    const known = new Set(this.receipts.map((r) => r.seq));
    this.receipts = [...this.receipts, ...stored.filter((r) => !known.has(r.seq))];
    for (const pending of (await pendingOf(council, person)).sort((a, b) => a.signedAt - b.signedAt)) {
      const handle = new VoteHandle(pending.ballot, pending.answer, pending.more);
      handle.turn = pending.turn;
      handle.state = "sending";
      this.latest ??= handle;
      const code = await this.#settle(handle, pending, RESUMED_MS);
      if (code !== null) refuse(handle, code);
    }
    this.#busy = false;
    void this.#pump();
  }
}

function refuse(handle: VoteHandle, code: string): void {
  handle.code = code;
  handle.state = "refused";
}

type Cast = Pick<StoredReceipt, "council" | "person" | "ballot" | "item" | "title" | "answer" | "more" | "turn">;

function pick(p: PendingVote): Cast {
  const { council, person, ballot, item, title, answer, more, turn } = p;
  return { council, person, ballot, item, title, answer, ...(more ? { more } : {}), turn };
}

/** A vote names its candidates in the question's order, each once. What the question does not have stays, to be refused. */
function inOrder(question: QuestionView, chosen: readonly string[]): string[] {
  const keys = question.answers.map((answer) => answer.key);
  return [...keys.filter((key) => chosen.includes(key)), ...chosen.filter((key) => !keys.includes(key))];
}
