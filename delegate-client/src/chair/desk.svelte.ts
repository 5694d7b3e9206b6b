// The console's one state: what the views say, what this officer may do, which question is being asked, and every act.
// Buttons and keys go through the same functions, so a key can never do what a button could not.

import { clock } from "@dienhong/web-shared/clock.svelte.ts";
import { entitledFigures, groupsOf } from "@dienhong/web-shared/entitled.ts";
import type { Session } from "@dienhong/web-shared/session.svelte.ts";
import type { Figures } from "@dienhong/web-shared/rule.ts";
import type { PersonView, Verdict } from "@dienhong/web-shared/wire.ts";
import { Acts } from "./acts.svelte.ts";
import { AgendaActs } from "./agenda-acts.ts";
import { ballotActions, closesEarly, nextOff, presidingOff, type Action, type ActionId, type Circumstances, type OffReason } from "./logic/ballot-actions.ts";
import { beginsOf, lateness, type Lateness } from "./logic/lateness.ts";
import { rightsOf, type Rights } from "./logic/rights.ts";
import { devices, missingPeople, situation, type MissingPerson, type Situation } from "./logic/situation.ts";
import type { ShortcutId } from "./logic/shortcuts.ts";
import { QuestionActs } from "./question-acts.ts";
import { SittingActs } from "./sitting-acts.ts";
import { Floor } from "./speaking/floor.svelte.ts";
import { t } from "./words.ts";

export type RollAct = "check_in" | "check_out" | "excuse";

/** The one question or list that is open. `close` stands in the card, the others are dialogs. */
export type Ask =
  | { kind: "close" | "void" | "again" | "annul" | "gavel" | "keys" | "menu" | "bloc" | "count" }
  | { kind: "sitting" | "close_sitting" | "failure" | "recess" | "prepare_sitting" | "session" }
  | { kind: "rehearsal_start" | "rehearsal_end" }
  | { kind: "agenda" | "adhoc" }
  | { kind: "go" | "item" | "remove_item"; item: string }
  | { kind: "item_form"; how: "change" | "under" | "after"; item: string }
  /** `question: null`: a new one for the item. */
  | { kind: "question"; item: string; question: string | null }
  | { kind: "roll"; act: RollAct; person: PersonView };

const EXTEND_SECONDS = 30;

export class Desk {
  readonly session: Session;
  readonly acts: Acts;
  readonly agenda: AgendaActs;
  readonly sitting: SittingActs;
  readonly questions: QuestionActs;
  readonly floor: Floor;
  ask = $state.raw<Ask | null>(null);
  /** The question picked by hand where an item has several. */
  chosenQuestion = $state<string | null>(null);
  /** Spoken to those who do not see the list move. */
  said = $state("");
  #chosenSeconds = $state.raw<{ question: string; seconds: number } | null>(null);

  constructor(session: Session) {
    this.session = session;
    this.acts = new Acts(session);
    this.agenda = new AgendaActs(this);
    this.sitting = new SittingActs(this);
    this.questions = new QuestionActs(this);
    this.floor = new Floor(this);
  }

  situation: Situation = $derived.by(() =>
    situation(this.session.council, this.session.live, this.session.console, this.chosenQuestion),
  );
  rights: Rights = $derived.by(() =>
    rightsOf(this.session.me?.person.offices ?? [], this.session.me?.person.id ?? null, this.session.live?.gavel ?? null),
  );
  connected: boolean = $derived.by(() => this.session.connection === "live");
  /** Server time; stands still while the line is down, because only the server knows then. */
  now: number = $derived.by(() => (this.connected ? clock.now : (this.session.asOf ?? clock.now)));
  leftMs: number | null = $derived.by(() => {
    const ballot = this.situation.ballot;
    if (ballot?.state === "on_hold") return ballot.remaining_ms;
    if (ballot?.state !== "open" || ballot.closes_at === null) return null;
    return Math.max(0, ballot.closes_at - this.now);
  });
  /** Names come a few times a second, the count with every vote: once all who were here have voted, nobody is missing. */
  missing: MissingPerson[] = $derived.by(() => {
    const ballot = this.situation.ballot;
    if (ballot && ballot.present > 0 && ballot.received >= ballot.present) return [];
    return missingPeople(this.session.roll?.people ?? [], this.session.console);
  });
  devices: { connected: number; present: number } = $derived.by(() => devices(this.session.roll?.people ?? [], this.session.console));
  /** What rules are worked out on. */
  figures: Figures = $derived.by(() => {
    const attendance = this.session.live?.attendance;
    const seats = this.session.council?.rules.seats ?? 0;
    return { seats, in_office: attendance?.in_office ?? seats, present: attendance?.present || (attendance?.in_office ?? seats) };
  });
  /** Those entitled to vote on the question at hand; `null` where it is everybody. */
  entitled: Figures | null = $derived.by(() => {
    const { question } = this.situation;
    if (groupsOf(question).length === 0) return null;
    return entitledFigures(question, this.session.roll?.people ?? [], this.session.console?.people ?? []);
  });
  /** Seconds the next round will stay open; 0 for no limit. */
  seconds: number = $derived.by(() => {
    const question = this.situation.question;
    if (!question) return 0;
    return this.#chosenSeconds?.question === question.id ? this.#chosenSeconds.seconds : question.seconds;
  });
  /** How the day runs against its plan; `null` where nothing was planned. */
  lateness: Lateness | null = $derived.by(() => {
    const { council, live } = this.session;
    if (!council || !live?.sitting) return null;
    return lateness(council.agenda, beginsOf(council.sittings, live.sitting.id), this.now);
  });
  actions: Action[] = $derived.by(() => ballotActions(this.circumstances));
  nextOff: OffReason | null = $derived.by(() => nextOff(this.circumstances));

  private get circumstances(): Circumstances {
    return {
      situation: this.situation,
      rights: this.rights,
      connected: this.connected,
      gavelFree: this.session.live?.gavel === null,
    };
  }

  /** This officer does not preside now, so the card shows who does instead of buttons that are all off. */
  get watches(): boolean {
    const reason = this.presidingOff;
    return reason === "gavel_elsewhere" || reason === "gavel_free";
  }

  /** The secretary's first concern is the roll, the chair's who speaks. */
  get watchesRoll(): boolean {
    return this.rights.attendance && !this.rights.gavel;
  }

  /** Why an act of the presiding chair is off, in words. */
  offText(reason: OffReason | null): string | null {
    // The banner says it for the whole page.
    if (reason === "offline") return "";
    return reason === null ? null : t(`off_${reason}`);
  }

  get presidingOff(): OffReason | null {
    return presidingOff(this.circumstances);
  }

  get wallOff(): OffReason | null {
    if (!this.connected) return "offline";
    if (this.rights.wall) return null;
    return this.rights.mayTakeGavel ? (this.session.live?.gavel ? "gavel_elsewhere" : "gavel_free") : "not_yours";
  }

  action(id: ActionId): Action | null {
    return this.actions.find((action) => action.id === id) ?? null;
  }

  chooseSeconds(seconds: number): void {
    const question = this.situation.question;
    if (question) this.#chosenSeconds = { question: question.id, seconds };
  }

  // --- The ballot

  act(id: ActionId): void {
    switch (id) {
      case "open":
        return void this.open();
      case "close":
        return this.close();
      case "hold":
        return void this.#ballot("hold", "hold_ballot");
      case "resume":
        return void this.#ballot("resume", "resume_ballot");
      case "extend":
        return void this.extend();
      case "confirm":
        return void this.confirm(null);
      case "cast_adopted":
        return void this.confirm("adopted");
      case "cast_rejected":
        return void this.confirm("rejected");
      case "announce":
        return void this.announce();
      case "next_question":
        return void this.openNext();
      case "void":
      case "again":
      case "annul":
        this.ask = { kind: id };
    }
  }

  async open(): Promise<void> {
    const question = this.situation.question;
    if (!question) return;
    await this.acts.run("ballot", "open", { order: "open_ballot", target: question.id, seconds: this.seconds }, t("toast_open"));
  }

  /** The next question of the block, straight after an announcement. */
  async openNext(): Promise<void> {
    const next = this.situation.upcoming;
    if (!next) return;
    const order = { order: "open_ballot", target: next.question.id } as const;
    if (await this.acts.run("result", "next_question", order, t("toast_open"))) this.chosenQuestion = null;
  }

  /** Asks those whose vote is missing on their own tablets; leaves nothing in the record. */
  async nudge(): Promise<void> {
    const ballot = this.situation.ballot;
    if (!ballot) return;
    await this.acts.run("ballot", "nudge", { order: "nudge", target: ballot.id }, ({ reply }) =>
      t("toast_nudged", { n: reply?.reply === "nudged" ? reply.people : this.missing.length }),
    );
  }

  /** Asks first while votes are missing and time is left. */
  close(): void {
    if (closesEarly(this.situation, this.missing.length, this.leftMs)) this.ask = { kind: "close" };
    else void this.closeNow();
  }

  async closeNow(): Promise<void> {
    const ballot = this.situation.ballot;
    if (!ballot) return;
    await this.acts.run("ballot", "close", { order: "close_ballot", target: ballot.id }, t("toast_closed"));
    if (this.ask?.kind === "close") this.ask = null;
  }

  async extend(): Promise<void> {
    const ballot = this.situation.ballot;
    if (ballot) await this.acts.run("ballot", "extend", { order: "extend_ballot", target: ballot.id, seconds: EXTEND_SECONDS });
  }

  async confirm(casting: Verdict | null): Promise<void> {
    const ballot = this.situation.ballot;
    const key = casting === null ? "confirm" : `cast_${casting}`;
    if (ballot) await this.acts.run("result", key, { order: "confirm_ballot", target: ballot.id, casting }, t("toast_confirmed"));
  }

  async announce(): Promise<void> {
    const ballot = this.situation.ballot;
    if (ballot) await this.acts.run("result", "announce", { order: "announce_ballot", target: ballot.id }, t("toast_announced"));
  }

  /** Voids the round before it was announced. True when it was taken. */
  async void(reason: string): Promise<boolean> {
    const ballot = this.situation.ballot;
    if (!ballot) return false;
    return this.acts.run("ballot", "void", { order: "void_ballot", target: ballot.id, reason }, t("toast_voided"));
  }

  /** Voids this round and opens the next one in the same breath. */
  async again(reason: string): Promise<boolean> {
    const { ballot, question } = this.situation;
    if (!ballot || !question) return false;
    const orders = [
      { order: "void_ballot", target: ballot.id, reason },
      { order: "open_ballot", target: question.id, seconds: this.seconds },
    ] as const;
    return this.acts.run("ballot", "again", orders, t("toast_open"));
  }

  async annul(reason: string): Promise<boolean> {
    const ballot = this.situation.ballot;
    if (!ballot) return false;
    return this.acts.run("ballot", "annul", { order: "annul_ballot", target: ballot.id, reason }, t("toast_annulled"));
  }

  async #ballot(key: ActionId, order: "hold_ballot" | "resume_ballot"): Promise<void> {
    const ballot = this.situation.ballot;
    if (!ballot) return;
    await this.acts.run("ballot", key, order === "hold_ballot" ? { order, target: ballot.id, reason: null } : { order, target: ballot.id });
  }

  // --- Going on

  async next(): Promise<void> {
    if (this.nextOff === null && this.situation.next) await this.agenda.go(this.situation.next.id);
  }

  // --- The gavel, the roll

  async takeGavel(reason: string | null): Promise<boolean> {
    return this.acts.run("gavel", "take", { order: "take_gavel", reason }, t("toast_gavel"));
  }

  async handGavel(to: PersonView): Promise<boolean> {
    return this.acts.run("gavel", "hand", { order: "hand_gavel", target: to.id }, t("toast_handed", { name: to.name }));
  }

  async record(act: RollAct, person: PersonView, reason: string): Promise<boolean> {
    return this.acts.run("roll", `${act}:${person.id}`, { order: act, target: person.id, reason }, t("toast_present", { name: person.name }));
  }

  // --- Keys

  /** A key acts only where its button is on; `search` is the presence column's own, `lock` the page's. */
  shortcut(id: ShortcutId): boolean {
    if (id === "help") this.ask = { kind: "keys" };
    else if (id === "next") void this.next();
    else if (id === "speaker") void this.floor.callFirst();
    else if (id === "adhoc") {
      if (this.agenda.adhocOff !== null) return false;
      this.ask = { kind: "adhoc" };
    } else if (id === "search" || id === "lock") return false;
    else {
      const wanted = this.#actionOf(id);
      const action = this.action(wanted);
      if (!action || action.off !== null || this.acts.anyBusy) return false;
      this.act(wanted);
    }
    return true;
  }

  /** One key for both ways: hold and resume, open this question and the next. */
  #actionOf(id: "open" | "close" | "hold" | "extend" | "confirm" | "announce"): ActionId {
    if (id === "hold" && this.situation.step === "on_hold") return "resume";
    return id === "open" && this.situation.step === "announced" ? "next_question" : id;
  }
}
