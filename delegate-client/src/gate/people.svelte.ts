// Whose page this is. One browser may hold several people's keys; each tab acts for one of them at a time. In a rehearsal
// people, keys and codes are those of the council that rehearses.

import { common } from "@dienhong/web-shared/words/common.ts";
import { homeCouncil } from "@dienhong/web-shared/record/rehearsal.ts";
import { takeCodeFromAddress, takePersonFromAddress } from "@dienhong/web-shared/record/enrol.ts";
import type { DeviceLock } from "@dienhong/web-shared/lock.svelte.ts";
import { actAs, actingPerson, identitiesOf, type Identity } from "@dienhong/web-shared/record/keys.ts";

export type Step = "loading" | "enrol" | "choose" | "in";

export class People {
  /** Whose keys and codes these are: never a rehearsal. */
  readonly council: string;
  /** The rehearsal this page belongs to. */
  readonly rehearsal: string | null;
  /** Everybody whose key this browser holds; `null` until its memory was read. */
  held = $state.raw<Identity[] | null>(null);
  acting = $state.raw<Identity | null>(null);
  /** The code a link brought, until it was used or put aside. */
  code = $state.raw<string | null>(null);
  /** The person acting now has just been enrolled here. */
  justEnrolled = $state(false);
  /** Of the person acting, once they are in. */
  lock = $state.raw<DeviceLock | null>(null);
  /** The person wants a PIN before going in. */
  offerPin = $state(false);
  /** What the person asked to do with their PIN. */
  pin = $state<"set" | "change" | "remove" | null>(null);
  #enrolling = $state(false);

  /** `place`: the council, or the rehearsal, of the page's address. */
  constructor(place: string) {
    const council = homeCouncil(place);
    this.council = council;
    this.rehearsal = place === council ? null : place;
    // Before anything else runs, so that the code stays in no history.
    this.followAddress();
    const asked = takePersonFromAddress();
    void identitiesOf(council).then((found) => {
      if (asked !== null && found.some((one) => one.person === asked)) actAs(council, asked);
      this.acting ??= actingPerson(council, found);
      this.held = found;
    });
  }

  get step(): Step {
    if (this.held === null) return "loading";
    if (this.#enrolling || this.held.length === 0) return "enrol";
    return this.acting === null ? "choose" : "in";
  }

  /** Everybody but the one this tab acts for. */
  get others(): Identity[] {
    return (this.held ?? []).filter((one) => one.person !== this.acting?.person);
  }

  /** Also for a link opened in a tab that acts for somebody already: the new person is offered, nobody is replaced unasked. */
  followAddress(): void {
    const code = takeCodeFromAddress();
    if (code === null) return;
    this.code = code;
    this.#enrolling = true;
  }

  become(chosen: Identity): void {
    actAs(this.council, chosen.person);
    this.justEnrolled = this.#enrolling;
    this.held = [...(this.held ?? []).filter((one) => one.person !== chosen.person), chosen];
    this.acting = chosen;
    this.#leaveEnrolment();
  }

  enrol(): void {
    this.#enrolling = true;
  }

  /** Back to where enrolment was begun from. */
  putAside(): void {
    this.#leaveEnrolment();
  }

  /** Back to choosing whom this tab acts for. */
  leave(): void {
    actAs(this.council, null);
    this.acting = null;
  }

  /** The key of the person acting is no longer on this device. */
  removed(): void {
    const gone = this.acting?.person;
    this.leave();
    this.held = (this.held ?? []).filter((one) => one.person !== gone);
    this.enrol();
  }

  #leaveEnrolment(): void {
    this.#enrolling = false;
    this.code = null;
  }
}

/** `Ghế 42 · Tổ 5`; without a seat, the group or the offices. */
export function placeOf(person: { seat: string | null; group: string }, offices: readonly string[] = []): string {
  const seat = person.seat === null ? null : common("seat", { seat: person.seat });
  const held = offices.map((office) => common.maybe(office) ?? office).join(", ");
  return [seat, person.group, held].filter(Boolean).join(" · ");
}
