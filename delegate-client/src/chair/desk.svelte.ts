// The console's one state: what the views say, what this officer may do, which question is being asked, and every act.
// Buttons and keys go through the same functions, so a key can never do what a button could not.

import { clock } from "@dienhong/web-shared/clock.svelte.ts";
import type { Session } from "@dienhong/web-shared/session.svelte.ts";
import type { NewItem, PersonView, Verdict, WallMode } from "@dienhong/web-shared/wire.ts";
import type { WallPicture } from "@dienhong/web-shared/components/WallMini.svelte";
import { Acts } from "./acts.svelte.ts";
import { batches } from "./logic/batches.ts";
import { ballotActions, closesEarly, nextOff, presidingOff, type Action, type ActionId, type Circumstances, type OffReason } from "./logic/ballot-actions.ts";
import { rightsOf, type Rights } from "./logic/rights.ts";
import { devices, missingPeople, situation, type MissingPerson, type Situation } from "./logic/situation.ts";
import { wallAfter, wallNow, type NextAct } from "./logic/wall-preview.ts";
import type { ShortcutId } from "./logic/shortcuts.ts";
import { t } from "./words.ts";

export type RollAct = "check_in" | "check_out" | "excuse";

/** The one question or list that is open. `close` stands in the card, the others are dialogs. */
export type Ask =
  | { kind: "close" | "void" | "again" | "annul" | "gavel" | "close_sitting" | "keys" | "agenda" }
  | { kind: "go"; item: string }
  | { kind: "roll"; act: RollAct; person: PersonView };

const EXTEND_SECONDS = 30;

export class Desk {
  readonly session: Session;
  readonly acts: Acts;
  ask = $state.raw<Ask | null>(null);
  /** The question picked by hand where an item has several. */
  chosenQuestion = $state<string | null>(null);
  #chosenSeconds = $state.raw<{ question: string; seconds: number } | null>(null);

  constructor(session: Session) {
    this.session = session;
    this.acts = new Acts(session);
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
  missing: MissingPerson[] = $derived.by(() => missingPeople(this.session.roll?.people ?? [], this.session.console));
  devices: { connected: number; present: number } = $derived.by(() => devices(this.session.roll?.people ?? [], this.session.console));
  /** Seconds the next round will stay open; 0 for no limit. */
  seconds: number = $derived.by(() => {
    const question = this.situation.question;
    if (!question) return 0;
    return this.#chosenSeconds?.question === question.id ? this.#chosenSeconds.seconds : question.seconds;
  });
  actions: Action[] = $derived.by(() => ballotActions(this.circumstances));
  nextOff: OffReason | null = $derived.by(() => nextOff(this.circumstances));
  wall: WallPicture | null = $derived.by(() => {
    const { council, live } = this.session;
    return council && live ? wallNow(council, live, this.leftMs) : null;
  });
  wallAfter: { act: NextAct; picture: WallPicture } | null = $derived.by(() =>
    this.wall ? wallAfter(this.wall, this.situation, this.seconds) : null,
  );

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

  // --- Session, agenda, sitting

  async next(): Promise<void> {
    if (this.nextOff === null && this.situation.next) await this.go(this.situation.next.id);
  }

  async go(item: string): Promise<boolean> {
    const number = this.session.council?.agenda.find((candidate) => candidate.id === item)?.number ?? "";
    return this.acts.run("agenda", `go:${item}`, { order: "start_item", target: item }, t("toast_item", { number }));
  }

  async createSession(title: string, term: string): Promise<boolean> {
    return this.acts.run("setup", "session", { order: "create_session", title, term });
  }

  async addItems(items: readonly NewItem[]): Promise<boolean> {
    const orders = batches(items).map((batch) => ({ order: "add_items", items: batch }) as const);
    return this.acts.run("setup", "items", orders, t("toast_agenda", { n: items.length }));
  }

  async openSitting(title: string): Promise<boolean> {
    return this.acts.run("setup", "sitting", { order: "open_sitting", title });
  }

  async closeSitting(): Promise<boolean> {
    return this.acts.run("gavel", "close_sitting", { order: "close_sitting" });
  }

  // --- The gavel, the roll, the wall

  async takeGavel(reason: string | null): Promise<boolean> {
    return this.acts.run("gavel", "take", { order: "take_gavel", reason }, t("toast_gavel"));
  }

  async handGavel(to: PersonView): Promise<boolean> {
    return this.acts.run("gavel", "hand", { order: "hand_gavel", target: to.id }, t("toast_handed", { name: to.name }));
  }

  async record(act: RollAct, person: PersonView, reason: string): Promise<boolean> {
    return this.acts.run("roll", `${act}:${person.id}`, { order: act, target: person.id, reason }, t("toast_present", { name: person.name }));
  }

  async show(mode: WallMode, what: string): Promise<void> {
    await this.acts.run("wall", `wall:${mode}`, { order: "show_on_wall", mode }, t("wall_done", { what }));
  }

  // --- Keys

  /** A key acts only where its button is on; `search` is the presence column's own. */
  shortcut(id: ShortcutId): boolean {
    if (id === "help") this.ask = { kind: "keys" };
    else if (id === "next") void this.next();
    else if (id === "search") return false;
    else {
      const wanted: ActionId = id === "hold" && this.situation.step === "on_hold" ? "resume" : id;
      const action = this.action(wanted);
      if (!action || action.off !== null || this.acts.anyBusy) return false;
      this.act(wanted);
    }
    return true;
  }
}
