// Short notes at the bottom of the page: success and "trying again" only. A refusal stays where the act was.

import type { IconName } from "./icons.ts";

export type ToastNote = { id: number; text: string; icon: IconName };

const SHOWN_MS = 6_000;
/** More would cover the page. */
const MOST = 3;

class Toasts {
  list = $state.raw<ToastNote[]>([]);
  #next = 1;

  show(text: string, icon: IconName = "check"): void {
    const note = { id: this.#next++, text, icon };
    this.list = [...this.list, note].slice(-MOST);
    setTimeout(() => (this.list = this.list.filter((n) => n !== note)), SHOWN_MS);
  }
}

export const toasts = new Toasts();
