// The administration's state: what this officer may do, the codes issued from this page, and orders under way.

import { toasts } from "@dienhong/web-shared/components/toasts.svelte.ts";
import { clock } from "@dienhong/web-shared/clock.svelte.ts";
import type { Order } from "@dienhong/web-shared/record/order.ts";
import type { OrderResult, Session } from "@dienhong/web-shared/session.svelte.ts";
import type { AuditEntry, IssuedCode, PersonView, RulesProfile } from "@dienhong/web-shared/wire.ts";
import { Asker } from "./asker.ts";
import { AuditLog } from "./audit.svelte.ts";
import { deviceLines, type DeviceLine } from "./logic/devices.ts";
import { Marked } from "./marks.svelte.ts";
import { t } from "./words.ts";

/** Offices whose holders may read here; only a secretary or an administrator may act. */
const READERS = ["chair", "deputy", "secretary", "scrutineer", "administrator", "auditor"] as const;

export class Office {
  readonly session: Session;
  readonly council: string;
  readonly asker: Asker;
  readonly marks: Marked;
  /** Codes issued here: the server gives each out once, so this page keeps it until it is used, cancelled or over. */
  #codes = $state<Record<string, { code: IssuedCode; deviceBefore: string | null }>>({});
  #busy = $state<Record<string, boolean>>({});
  #refused = $state<Record<string, string>>({});

  constructor(session: Session, council: string) {
    this.session = session;
    this.council = council;
    this.asker = new Asker((query) => session.query(query));
    this.marks = new Marked(council);
  }

  administrator: boolean = $derived.by(() => this.session.me?.person.offices.includes("administrator") ?? false);
  officer: boolean = $derived.by(() => this.administrator || (this.session.me?.person.offices.includes("secretary") ?? false));
  reader: boolean = $derived.by(() => READERS.some((office) => this.session.me?.person.offices.includes(office)));
  rehearsal: boolean = $derived.by(() => this.session.council?.rehearsal ?? false);
  connected: boolean = $derived.by(() => this.session.connection === "live");
  /** Whole seconds: a countdown needs no more, and the list is not made anew four times a second. */
  now: number = $derived.by(() => Math.floor((this.connected ? clock.now : (this.session.asOf ?? clock.now)) / 1000) * 1000);
  lines: DeviceLine[] = $derived.by(() => deviceLines(this.session.roll?.people ?? [], this.session.console, this.now));

  get off(): string | null {
    if (!this.connected) return t("off_offline");
    return this.officer ? null : t("off_secretary");
  }

  /** A device bound in a rehearsal would be lost with it. */
  get offCodes(): string | null {
    return this.off ?? (this.rehearsal ? t("off_rehearsal") : null);
  }

  get offAdministrator(): string | null {
    return this.off ?? (this.administrator ? null : t("off_administrator"));
  }

  /** Beginning and ending a rehearsal is also the chair's and the deputies'. */
  get offRehearsal(): string | null {
    if (!this.connected) return t("off_offline");
    const offices = this.session.me?.person.offices ?? [];
    return this.officer || offices.includes("chair") || offices.includes("deputy") ? null : t("off_presidium");
  }

  line(person: string): DeviceLine | null {
    return this.lines.find((line) => line.person.id === person) ?? null;
  }

  /** The code issued from this page, while it can still be used. */
  code(person: string): IssuedCode | null {
    const code = this.#codes[person]?.code;
    return code && code.expires_at > this.now ? code : null;
  }

  /** The code issued here has bound a device since. */
  used(person: string): boolean {
    const issued = this.#codes[person];
    const device = this.line(person)?.device ?? null;
    return issued !== undefined && device !== null && device !== issued.deviceBefore;
  }

  /** When and by whom this person's last device was revoked, from the record; the views say only why. */
  async revocation(person: string): Promise<AuditEntry | null> {
    const log = new AuditLog(this.asker);
    await log.show({ subject: "council", person });
    return log.entries.find((entry) => entry.kind === "device_revoked" && entry.fields["person"] === person) ?? null;
  }

  busy(key: string): boolean {
    return this.#busy[key] === true;
  }

  refused(key: string): string | null {
    return this.#refused[key] ?? null;
  }

  forget(key: string): void {
    delete this.#refused[key];
  }

  refuse(key: string, code: string): void {
    this.#refused[key] = code;
  }

  async issue(person: PersonView): Promise<boolean> {
    const answer = await this.#run(`code:${person.id}`, { order: "issue_code", target: person.id });
    if (!answer?.ok || answer.reply?.reply !== "code") return false;
    const { reply: _, ...code } = answer.reply;
    this.#codes[person.id] = { code, deviceBefore: this.line(person.id)?.device ?? null };
    return true;
  }

  async cancel(person: PersonView): Promise<boolean> {
    const answer = await this.#run(`code:${person.id}`, { order: "cancel_code", target: person.id });
    if (!answer?.ok) return false;
    delete this.#codes[person.id];
    toasts.show(t("code_cancelled", { name: person.name }));
    return true;
  }

  async revoke(person: PersonView, reason: string): Promise<boolean> {
    const answer = await this.#run(`revoke:${person.id}`, { order: "revoke_device", target: person.id, reason });
    if (!answer?.ok) return false;
    toasts.show(t("revoked", { name: person.name }));
    return true;
  }

  async endMandate(person: PersonView, reason: string): Promise<boolean> {
    const answer = await this.#run(`end_mandate:${person.id}`, { order: "end_mandate", target: person.id, reason });
    if (!answer?.ok) return false;
    toasts.show(t("mandate_ended", { name: person.name }));
    return true;
  }

  /** The number of the entry, where it was done. */
  async setRules(rules: RulesProfile): Promise<number | null> {
    const answer = await this.#run("rules", { order: "set_rules", rules });
    if (!answer?.ok || !answer.receipt) return null;
    this.marks.set("rules");
    return answer.receipt.seq;
  }

  async startRehearsal(): Promise<boolean> {
    const answer = await this.#run("rehearsal", { order: "start_rehearsal" });
    if (!answer?.ok) return false;
    toasts.show(t("rehearsal_started"));
    return true;
  }

  async endRehearsal(): Promise<boolean> {
    const answer = await this.#run("rehearsal", { order: "end_rehearsal" });
    if (!answer?.ok) return false;
    this.marks.set("rehearsal");
    toasts.show(t("rehearsal_ended"));
    return true;
  }

  /** Runs any act under a key: busy meanwhile, its refusal kept beside it. */
  async during<T>(key: string, act: () => Promise<T>): Promise<T | null> {
    if (this.busy(key)) return null;
    this.forget(key);
    this.#busy[key] = true;
    try {
      return await act();
    } finally {
      this.#busy[key] = false;
    }
  }

  async #run(key: string, order: Order): Promise<OrderResult | null> {
    const answer = await this.during(key, () => this.session.order(order));
    if (answer && !answer.ok) this.refuse(key, answer.code);
    return answer;
  }
}
