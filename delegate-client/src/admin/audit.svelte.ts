// The audit log as it is read: newest first, a page at a time, by subject and person.

import type { AuditEntry, Subject } from "@dienhong/web-shared/wire.ts";
import type { Asker } from "./asker.ts";

export interface AuditFilter {
  subject: Subject | null;
  person: string | null;
}

/** A filter that matches seldom is followed this far by itself; then the reader says whether to go on. */
const EMPTY_PAGES = 5;

export class AuditLog {
  entries = $state.raw<AuditEntry[]>([]);
  /** Where older entries go on; `null` at the record's beginning. */
  next = $state.raw<number | null>(null);
  loading = $state(false);
  failed = $state<string | null>(null);

  readonly #asker: Asker;
  #filter: AuditFilter = { subject: null, person: null };
  /** What was asked for before the last change of the filter is not shown any more. */
  #turn = 0;
  /** Where the last load began, to be tried again. */
  #from: number | null = null;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** From the newest entry on. */
  async show(filter: AuditFilter): Promise<void> {
    this.#filter = filter;
    this.entries = [];
    this.next = null;
    await this.#load(null);
  }

  /** Keeps what is shown until the newest is there. */
  async refresh(): Promise<void> {
    await this.#load(null);
  }

  async again(): Promise<void> {
    await this.#load(this.#from);
  }

  async more(): Promise<void> {
    if (this.next !== null && !this.loading) await this.#load(this.next);
  }

  /** One entry; `null` where the record has none of this number. */
  async entry(seq: number): Promise<{ entry: AuditEntry | null } | { failed: string }> {
    const known = this.entries.find((entry) => entry.seq === seq);
    if (known) return { entry: known };
    const answer = await this.#asker.audit({ query: "audit", before: seq + 1, subject: null, person: null });
    if (!answer.ok) return { failed: answer.code };
    return { entry: answer.entries.find((entry) => entry.seq === seq) ?? null };
  }

  async #load(from: number | null): Promise<void> {
    const turn = ++this.#turn;
    this.#from = from;
    this.loading = true;
    this.failed = null;
    let before = from;
    for (let page = 0; page < EMPTY_PAGES; page++) {
      const answer = await this.#asker.audit({ query: "audit", before, ...this.#filter });
      if (turn !== this.#turn) return;
      if (!answer.ok) {
        this.failed = answer.code;
        break;
      }
      this.entries = from === null ? answer.entries : [...this.entries, ...answer.entries];
      this.next = answer.next;
      before = answer.next;
      if (answer.entries.length > 0 || answer.next === null) break;
    }
    this.loading = false;
  }
}
