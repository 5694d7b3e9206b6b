// One act of the person on this page: its signed order, whether it is under way, and why it was refused.

import type { Order } from "@dienhong/web-shared/record/order.ts";
import type { Session } from "@dienhong/web-shared/session.svelte.ts";

export class Act {
  busy = $state(false);
  /** A code of the refusals catalogue; stays where the act was until the next try. */
  refused = $state<string | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** True when it was taken. `unless`: a refusal that says that it is done already. */
  async send(order: Order, unless: string | null = null): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    const result = await this.#session.order(order);
    this.busy = false;
    if (result.ok || result.code === unless) return true;
    this.refused = result.code;
    return false;
  }
}
