// Orders under way. A button is busy until its answer is here; a refusal stays beside the act it belongs to until the next
// try there; nothing counts as done before the receipt.

import { toasts } from "@dienhong/web-shared/components/toasts.svelte.ts";
import type { OrderResult, Session } from "@dienhong/web-shared/session.svelte.ts";
import type { Order } from "@dienhong/web-shared/record/order.ts";

/** Where on the console an act lives: its refusal is shown there. */
export type Place = "ballot" | "result" | "agenda" | "wall" | "gavel" | "roll" | "setup" | "sitting" | "speaking" | "question";

export interface Refused {
  code: string;
  /** Set where the same order may succeed unchanged. */
  again: (() => void) | null;
}

/** An order's answer when it was taken. */
export type Taken = Extract<OrderResult, { ok: true }>;

export class Acts {
  #busy = $state<Record<string, boolean>>({});
  #refused = $state<Partial<Record<Place, Refused>>>({});
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `key` is the button's own name; the same act is never under way twice. */
  busy(key: string): boolean {
    return this.#busy[key] === true;
  }

  /** One of the acts of this place is under way: the others there wait for it. */
  get anyBusy(): boolean {
    return Object.values(this.#busy).some(Boolean);
  }

  refused(place: Place): Refused | null {
    return this.#refused[place] ?? null;
  }

  forget(place: Place): void {
    delete this.#refused[place];
  }

  /**
   * Sends the orders one after the other and stops at the first that is refused. True when all were taken. `done`: what the
   * note says then, made from the last answer where that matters.
   */
  async run(place: Place, key: string, orders: Order | readonly Order[], done?: string | ((last: Taken) => string)): Promise<boolean> {
    if (this.busy(key)) return false;
    this.forget(place);
    this.#busy[key] = true;
    const list = Array.isArray(orders) ? (orders as readonly Order[]) : [orders as Order];
    let last: Taken = { ok: true };
    try {
      for (const [at, order] of list.entries()) {
        const answer = await this.#session.order(order);
        if (answer.ok) {
          last = answer;
          continue;
        }
        const rest = list.slice(at);
        this.#refused[place] = { code: answer.code, again: answer.retry ? () => void this.run(place, key, rest, done) : null };
        return false;
      }
    } finally {
      this.#busy[key] = false;
    }
    if (done) toasts.show(typeof done === "string" ? done : done(last));
    return true;
  }
}
