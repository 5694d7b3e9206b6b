// Session, sittings and rehearsal: prepared, opened, suspended, resumed, closed.

import type { Desk } from "./desk.svelte.ts";
import type { OrderSessionKind } from "@dienhong/web-shared/wire.ts";
import { clockTime } from "@dienhong/web-shared/format.ts";
import { t } from "./words.ts";

const MINUTE = 60_000;

export class SittingActs {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async createSession(title: string, term: string, kind: OrderSessionKind): Promise<boolean> {
    return this.#desk.acts.run("setup", "session", { order: "create_session", title, term, kind: kind === "regular" ? null : kind });
  }

  async prepare(title: string, plannedAt: number | null, closedDoors: boolean): Promise<boolean> {
    const order = { order: "prepare_sitting", title, planned_at: plannedAt, ...(closedDoors ? { closed_doors: true } : {}) } as const;
    return this.#desk.acts.run("sitting", "prepare_sitting", order, t("toast_sitting_prepared", { title }));
  }

  /** One that was prepared. */
  async open(sitting: string): Promise<boolean> {
    return this.#desk.acts.run("setup", `open:${sitting}`, { order: "open_sitting", target: sitting });
  }

  /** One that nobody had prepared. */
  async openNow(title: string, closedDoors: boolean): Promise<boolean> {
    return this.#desk.acts.run("setup", "sitting", { order: "open_sitting", title, ...(closedDoors ? { closed_doors: true } : {}) });
  }

  async recess(minutes: number | null, reason: string | null = null): Promise<boolean> {
    // The page's clock runs between milliseconds; a moment in an order is a whole one.
    const until = minutes === null ? null : Math.round(this.#desk.now) + minutes * MINUTE;
    const done = until === null ? t("toast_recess") : t("toast_recess_until", { time: clockTime(until) });
    return this.#desk.acts.run("sitting", `recess:${minutes ?? 0}`, { order: "suspend_sitting", cause: "recess", reason, until }, done);
  }

  async failure(reason: string): Promise<boolean> {
    return this.#desk.acts.run("sitting", "failure", { order: "suspend_sitting", cause: "failure", reason }, t("toast_suspended"));
  }

  async resume(): Promise<boolean> {
    return this.#desk.acts.run("sitting", "resume_sitting", { order: "resume_sitting" }, t("toast_resumed"));
  }

  async close(): Promise<boolean> {
    return this.#desk.acts.run("sitting", "close_sitting", { order: "close_sitting" });
  }

  /** The id of the rehearsal's own council, which stands beside this one; `null` when it was refused. */
  async startRehearsal(): Promise<string | null> {
    let id: string | null = null;
    await this.#desk.acts.run("sitting", "rehearsal", { order: "start_rehearsal" }, ({ reply }) => {
      if (reply?.reply === "rehearsal_started") id = reply.id;
      return t("toast_rehearsal_started");
    });
    return id;
  }

  async endRehearsal(): Promise<boolean> {
    return this.#desk.acts.run("sitting", "rehearsal", { order: "end_rehearsal" }, t("toast_rehearsal_ended"));
  }
}
