// Frames that want an answer: sent again, by the same id and the same signed statement, until there is one. The server gives
// the same answer to the same statement, so sending twice never acts twice.

import type { ClientFrame, Found, Receipt, Reply } from "./wire.ts";

export type Answer =
  | { kind: "receipt"; receipt: Receipt }
  | { kind: "done"; reply: Reply }
  | { kind: "found"; found: Found }
  /** `retry`: the last word was "later", and the time for later has run out. */
  | { kind: "refused"; code: string; retry: boolean };

type Asked = Extract<ClientFrame, { id: string }>;

type Open = {
  frame: Asked;
  /** Local time after which nothing more is sent; `null` while there is a reason to go on. */
  until: number | null;
  lastCode: string | null;
  nextAt: number;
  late: (() => void) | null;
  lateAt: number;
  answered(answer: Answer): void;
};

/** A person wonders after two seconds; the page then says that it sends again, and does. */
const RESEND_MS = 2_000;
/** After `busy` or `store_unavailable`. */
const RETRY_MS = 800;
const STEP_MS = 200;

export class Outbox {
  readonly #open = new Map<string, Open>();
  readonly #send: (frame: Asked) => boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(send: (frame: Asked) => boolean) {
    this.#send = send;
  }

  /** `limit` in milliseconds, or `null` to go on until `giveUp`. `onLate` is called once, when the answer takes long. */
  add(frame: Asked, limit: number | null, onLate?: () => void): Promise<Answer> {
    return new Promise((answered) => {
      const now = Date.now();
      const open: Open = {
        frame,
        until: limit === null ? null : now + limit,
        lastCode: null,
        nextAt: now + RESEND_MS,
        late: onLate ?? null,
        lateAt: now + RESEND_MS,
        answered,
      };
      this.#open.set(frame.id, open);
      this.#send(frame);
      this.#timer ??= setInterval(() => this.#step(), STEP_MS);
    });
  }

  /** Everything unanswered leaves again: the page has just joined. */
  flush(): void {
    for (const open of this.#open.values()) this.#again(open);
  }

  receipt(id: string, receipt: Receipt): void {
    this.#close(id, { kind: "receipt", receipt });
  }

  done(id: string, reply: Reply): void {
    this.#close(id, { kind: "done", reply });
  }

  found(id: string, found: Found): void {
    this.#close(id, { kind: "found", found });
  }

  refused(id: string, code: string, retry: boolean): void {
    const open = this.#open.get(id);
    if (!open) return;
    if (!retry) return this.#close(id, { kind: "refused", code, retry });
    open.lastCode = code;
    open.nextAt = Date.now() + RETRY_MS;
    open.late?.();
    open.late = null;
  }

  /** Sets a time limit for one that had none: its ballot has closed, and only the answer is still wanted. */
  limit(id: string, milliseconds: number): void {
    const open = this.#open.get(id);
    if (open && open.until === null) open.until = Date.now() + milliseconds;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#open.clear();
  }

  #step(): void {
    const now = Date.now();
    for (const [id, open] of this.#open) {
      if (open.until !== null && now >= open.until) {
        this.#close(id, { kind: "refused", code: open.lastCode ?? "no_answer", retry: true });
        continue;
      }
      if (open.late && now >= open.lateAt) {
        open.late();
        open.late = null;
      }
      if (now >= open.nextAt) this.#again(open);
    }
  }

  #again(open: Open): void {
    open.nextAt = Date.now() + RESEND_MS;
    this.#send(open.frame);
  }

  #close(id: string, answer: Answer): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    if (this.#open.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    open.answered(answer);
  }
}
