// What was done towards the first session and is in no view, kept by this browser for each council.

import { homeCouncil } from "@dienhong/web-shared/record/rehearsal.ts";
import type { Marks } from "./logic/setup.ts";

export class Marked {
  readonly #key: string;
  #marks = $state.raw<Marks>({ rules: false, rehearsal: false });

  constructor(council: string) {
    this.#key = `dienhong.setup.${homeCouncil(council)}`;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}") as Partial<Marks>;
      this.#marks = { rules: kept.rules === true, rehearsal: kept.rehearsal === true };
    } catch {
      // Storage may be switched off, or hold something else: then nothing is marked.
    }
  }

  get all(): Marks {
    return this.#marks;
  }

  set(mark: keyof Marks): void {
    this.#marks = { ...this.#marks, [mark]: true };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#marks));
    } catch {
      // The mark then lasts as long as the page.
    }
  }
}
