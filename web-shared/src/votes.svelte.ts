// Where a vote of mine stands. The page shows `recorded` only after the receipt was checked on this device.

import type { CheckedReceipt } from "./record/receipt.ts";

/**
 * `waiting`: an earlier choice must be answered first · `sending` · `recorded` · `refused` · `replaced`: a newer choice took
 * its place before it was sent.
 */
export type VoteState = "waiting" | "sending" | "recorded" | "refused" | "replaced";

export class VoteHandle {
  state = $state<VoteState>("waiting");
  /** No answer yet for longer than the patience of a person: it is being sent again. */
  late = $state(false);
  /** Why it was refused: a code of the refusals catalogue. */
  code = $state<string | null>(null);
  turn = $state(0);
  receipt = $state.raw<CheckedReceipt | null>(null);

  constructor(
    readonly ballot: string,
    /** What was chosen; in an election the first of it. */
    readonly answer: string,
    /** Further candidates, in an election. */
    readonly more: readonly string[] = [],
  ) {}

  /** Everything that was chosen, in the question's order. */
  get answers(): readonly string[] {
    return [this.answer, ...this.more];
  }

  get pending(): boolean {
    return this.state === "waiting" || this.state === "sending";
  }
}
