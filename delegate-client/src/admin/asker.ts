// Look-ups in the audit log, one at a time: the server answers a second one meanwhile with `busy`.

import type { QueryResult } from "@dienhong/web-shared/session.svelte.ts";
import type { AuditEntry, Query } from "@dienhong/web-shared/wire.ts";

export type AuditQuery = Extract<Query, { query: "audit" }>;
export type AuditPage = { ok: true; entries: AuditEntry[]; next: number | null } | { ok: false; code: string };

export class Asker {
  readonly #ask: (query: Query) => Promise<QueryResult>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ask: (query: Query) => Promise<QueryResult>) {
    this.#ask = ask;
  }

  audit(query: AuditQuery): Promise<AuditPage> {
    const answer = this.#last.then(() => this.#page(query));
    this.#last = answer;
    return answer;
  }

  async #page(query: AuditQuery): Promise<AuditPage> {
    const answer = await this.#ask(query);
    if (!answer.ok) return answer;
    // The server answers a query with its own kind; anything else is its mistake.
    if (answer.found.found !== "audit") return { ok: false, code: "internal" };
    return { ok: true, entries: answer.found.entries, next: answer.found.next };
  }
}
