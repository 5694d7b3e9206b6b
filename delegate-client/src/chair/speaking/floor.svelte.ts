// The floor: who has it, who waits for it, and every act that gives, moves or takes it. Buttons and keys go through the same
// functions.

import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { Order } from "@dienhong/web-shared/record/order.ts";
import type { ItemView, PersonView, PromiseView, RequestView, SpeakingView, SpeechKind } from "@dienhong/web-shared/wire.ts";
import type { Desk } from "../desk.svelte.ts";
import { limitWords } from "./length.ts";
import { isRoundFull, moved, moveTo, queueLines, type Move, type QueueLine } from "./queue.ts";
import { t } from "./words.ts";

const SILENCE: SpeakingView = { list_open: false, queue: [], speech: null, round: null, budgets: [], people: [], groups: [], promises: [] };

/** What `+1 min` adds. */
const EXTEND_SECONDS = 60;

/** The dialog that is open. */
export type FloorDialog = "give" | "request" | "round" | "promise" | "budget";

export class Floor {
  readonly desk: Desk;
  dialog = $state.raw<FloorDialog | null>(null);
  /** A request that was moved and waits for its reason. */
  move = $state.raw<Move | null>(null);
  /** A request or a promise about to be taken back, which waits for its reason. */
  taking = $state.raw<string | null>(null);
  /** The promise that is being marked as kept. */
  keeping = $state.raw<string | null>(null);

  constructor(desk: Desk) {
    this.desk = desk;
  }

  view: SpeakingView = $derived.by(() => this.desk.session.speaking ?? SILENCE);
  item: ItemView | null = $derived.by(() => this.desk.situation.item);
  isInterpellation: boolean = $derived.by(() => this.item?.kind === "interpellation");
  /** The queue as it stands, or as it would stand with the move that waits for its reason. */
  lines: QueueLine[] = $derived.by(() => {
    const rules = this.desk.session.council?.rules.speaking ?? null;
    return queueLines(moved(this.view.queue, this.move), this.view.round, rules, this.desk.session.console);
  });
  first: QueueLine | null = $derived.by(() => this.lines[0] ?? null);
  officials: PersonView[] = $derived.by(() => this.people.filter((person) => person.offices.includes("official")));
  roundFull: boolean = $derived.by(() => isRoundFull(this.view.round));

  get people(): PersonView[] {
    return this.desk.session.roll?.people ?? [];
  }

  get me(): string | null {
    return this.desk.session.me?.person.id ?? null;
  }

  // --- Why an act is off, in words; `null` where it is on. Empty while the line is down: the banner says it for all.

  /** Opening and closing the list, moving and taking back requests. */
  get steerOff(): string | null {
    const { desk } = this;
    const live = desk.session.live;
    const office = desk.offText(desk.presidingOff);
    if (office !== null) return office;
    if (!live?.sitting) return t("off_no_sitting");
    if (live.sitting.suspension) return t("off_suspended");
    return this.item ? null : t("off_no_item");
  }

  /** Giving the floor. */
  get giveOff(): string | null {
    return this.steerOff ?? (this.desk.situation.running ? t("off_voting") : null);
  }

  callOff(line: QueueLine): string | null {
    if (this.giveOff !== null) return this.giveOff;
    if (line.request.kind === "interpellate" && this.roundFull) return t("off_round_full");
    const needsSeat = this.people.find((person) => person.id === line.request.person.id)?.offices.length === 0;
    return needsSeat && line.presence !== null && line.presence !== "present" ? t("off_away") : null;
  }

  get callFirstOff(): string | null {
    return this.first ? this.callOff(this.first) : (this.giveOff ?? t("off_queue_empty"));
  }

  /** Calling the official whose round it is; off while that very answer is being given. */
  get answerOff(): string | null {
    const { speech, round } = this.view;
    if (speech?.kind === "answer" && speech.person.id === round?.official.id) return t("round_answering");
    return this.giveOff;
  }

  get endOff(): string | null {
    const mine = this.view.speech !== null && this.view.speech.person.id === this.me;
    if (!this.desk.connected) return "";
    return mine ? null : this.desk.offText(this.desk.presidingOff);
  }

  get resumeOff(): string | null {
    return this.giveOff;
  }

  get extendOff(): string | null {
    return this.desk.offText(this.desk.presidingOff) ?? (this.view.speech?.allotted_ms === 0 ? t("off_no_limit") : null);
  }

  /** The secretary asks for the floor in somebody's name. */
  get requestOff(): string | null {
    if (!this.desk.connected) return "";
    if (!this.desk.rights.attendance) return t("off_secretary");
    if (!this.desk.session.live?.sitting) return t("off_no_sitting");
    return this.item ? null : t("off_no_item");
  }

  get roundOff(): string | null {
    if (this.steerOff !== null) return this.steerOff;
    if (!this.isInterpellation) return t("off_not_interpellation");
    return this.officials.length === 0 ? t("off_no_official") : null;
  }

  get promiseOff(): string | null {
    if (!this.desk.connected) return "";
    return this.desk.rights.preside || this.desk.rights.attendance ? null : t("off_gavel_or_secretary");
  }

  get budgetOff(): string | null {
    if (!this.desk.connected) return "";
    if (!this.desk.rights.prepare) return t("off_gavel_or_secretary");
    return this.item ? null : t("off_no_item");
  }

  /** What the rules give a speech of this kind, in words. */
  limitOf(kind: SpeechKind): string {
    return limitWords(this.secondsOf(kind), lang.current);
  }

  secondsOf(kind: SpeechKind): number {
    return this.desk.session.council?.rules.speaking[kind] ?? 0;
  }

  // --- Acts. Each is true when it was taken.

  /** For the console's key: calls whoever is next, where the button is on. */
  async callFirst(): Promise<boolean> {
    if (!this.first || this.callFirstOff !== null || this.desk.acts.anyBusy) return false;
    return this.call(this.first.request);
  }

  async call(request: RequestView): Promise<boolean> {
    return this.#run(`call:${request.id}`, { order: "call_speaker", target: request.id }, t("toast_called", { name: request.person.name }));
  }

  async give(person: PersonView, kind: SpeechKind, seconds: number | null = null): Promise<boolean> {
    return this.#run("give", { order: "give_floor", target: person.id, kind, seconds }, t("toast_called", { name: person.name }));
  }

  /** The official whose round it is answers. */
  async answer(): Promise<boolean> {
    const official = this.people.find((person) => person.id === this.view.round?.official.id);
    return official ? this.give(official, "answer") : false;
  }

  async pause(): Promise<boolean> {
    return this.#speech("pause", (target) => ({ order: "pause_speech", target }));
  }

  async resume(): Promise<boolean> {
    return this.#speech("resume", (target) => ({ order: "resume_speech", target }));
  }

  async extend(): Promise<boolean> {
    return this.#speech("more", (target) => ({ order: "extend_speech", target, seconds: EXTEND_SECONDS }));
  }

  async end(): Promise<boolean> {
    return this.#speech("end", (target) => ({ order: "end_speech", target }));
  }

  async setList(open: boolean): Promise<boolean> {
    return this.#run("list", { order: open ? "open_list" : "close_list" }, t(open ? "toast_list_open" : "toast_list_closed"));
  }

  async request(person: PersonView, kind: SpeechKind, topic: string | null, to: string | null): Promise<boolean> {
    return this.#run("request", { order: "ask_to_speak", target: person.id, kind, topic, to }, t("toast_requested", { name: person.name }));
  }

  /** Puts a request at a place, counted from 0, and asks why. */
  place(request: string, place: number): void {
    this.taking = null;
    this.move = moveTo(this.view.queue.map((entry) => entry.id), request, place);
  }

  async sendMove(reason: string): Promise<boolean> {
    const { move } = this;
    if (!move) return false;
    const taken = await this.#run(`move:${move.request}`, { order: "move_request", target: move.request, before: move.before, reason });
    if (taken) this.move = null;
    return taken;
  }

  async withdraw(request: RequestView, reason: string): Promise<boolean> {
    return this.#take(request.id, { order: "withdraw_request", target: request.id, reason }, t("toast_withdrawn", { name: request.person.name }));
  }

  async startRound(official: PersonView): Promise<boolean> {
    return this.#run("round", { order: "start_round", target: official.id }, t("toast_round", { name: official.name }));
  }

  async promise(official: string, text: string, until: string | null, to: string | null): Promise<boolean> {
    return this.#run("promise", { order: "log_promise", target: official, text, until, to }, t("toast_promise"));
  }

  async strike(promise: PromiseView, reason: string): Promise<boolean> {
    return this.#take(promise.id, { order: "strike_promise", target: promise.id, reason }, t("toast_struck"));
  }

  async keep(promise: PromiseView, note: string): Promise<boolean> {
    const taken = await this.#run(`keep:${promise.id}`, { order: "keep_promise", target: promise.id, note: note === "" ? null : note }, t("toast_kept"));
    // Another one may have been chosen before the answer came.
    if (taken && this.keeping === promise.id) this.keeping = null;
    return taken;
  }

  async setBudgets(wanted: readonly { group: string; seconds: number }[]): Promise<boolean> {
    const item = this.item;
    if (!item) return false;
    const orders = wanted.map(({ group, seconds }) => ({ order: "set_budget", target: item.id, group, seconds }) as const);
    return this.#run("budget", orders, t("toast_budget"));
  }

  async #speech(key: string, order: (speech: string) => Order): Promise<boolean> {
    const { speech } = this.view;
    return speech ? this.#run(key, order(speech.id)) : false;
  }

  async #take(id: string, order: Order, done: string): Promise<boolean> {
    const taken = await this.#run(`take:${id}`, order, done);
    if (taken && this.taking === id) this.taking = null;
    return taken;
  }

  #run(key: string, orders: Order | readonly Order[], done?: string): Promise<boolean> {
    return this.desk.acts.run("speaking", key, orders, done);
  }
}
