// The published results, fetched again whenever the live view shows another announcement.

import { getJson, HttpProblem } from "@dienhong/web-shared/http.ts";
import type { PublishedResult, ResultsResponse } from "@dienhong/web-shared/wire.ts";

/** Everybody watching learns of an announcement in the same moment; asking is spread over this time. */
const SPREAD_MS = 1_500;
/** After a failure: twice as long each time, up to the limit. */
const RETRY_MS = 3_000;
const RETRY_LIMIT_MS = 60_000;

export class Results {
  /** Newest announcement first; null before the first answer. */
  list = $state.raw<readonly PublishedResult[] | null>(null);
  /** Code of the last failure; null after a success. */
  problem = $state<string | null>(null);
  loading = $state(false);

  readonly #path: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #failures = 0;

  constructor(council: string) {
    this.#path = `/c/${council}/api/results`;
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    const generation = ++this.#generation;
    this.loading = true;
    try {
      const { results } = await getJson<ResultsResponse>(this.#path);
      if (generation !== this.#generation) return;
      this.list = [...results].sort((a, b) => announcedAt(b) - announcedAt(a));
      this.problem = null;
      this.#failures = 0;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.problem = error instanceof HttpProblem ? error.code : "no_answer";
      this.#later(Math.min(RETRY_LIMIT_MS, RETRY_MS * 2 ** this.#failures++));
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }

  /** Something was announced or annulled: ask soon. */
  refresh(): void {
    this.#later(Math.random() * SPREAD_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#generation++;
  }

  #later(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), delay);
  }
}

function announcedAt(result: PublishedResult): number {
  return result.ballot.result?.announced_at ?? result.ballot.result?.closed_at ?? 0;
}
