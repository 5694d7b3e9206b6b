// The lock of one person's device: set, closed after a time without a touch, opened with the PIN, and the end of the key after
// too many wrong ones. What holds is what the browser keeps; every tab of it follows.

import { changeIdentity, heldIdentity, type Identity } from "./record/keys.ts";
import { isIdle, isRight, makePin, MOST_WRONG, triesLeft, type Pin } from "./record/pin.ts";
import { setCovered } from "./record/sign.ts";
import type { Session } from "./session.svelte.ts";

/** Between two looks at the clock. */
const LOOK_MS = 1_000;
/** Touches are written no more often: far below any limit, and no strain on a tablet's storage. */
const WRITE_MS = 15_000;
const CHANNEL = "dienhong.lock";

/** `gone`: the last try was wrong, and the key is no longer on this device. */
export type Tried = "right" | "wrong" | "gone";

export type LockOptions = {
  /** Milliseconds without a touch until it locks. */
  idle: number;
  now?: () => number;
};

type Watched = Pick<Session, "owesVote" | "council" | "live">;

export class DeviceLock {
  /** What is kept has been read; until then nothing may be shown. */
  loaded = $state(false);
  gone = $state(false);
  /** A PIN is being tried or made. */
  busy = $state(false);
  /** Of the page behind, once it has begun. */
  session = $state.raw<Watched | null>(null);

  readonly identity: Identity;
  readonly #idle: number;
  readonly #now: () => number;
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #timer: ReturnType<typeof setInterval>;
  #pin = $state.raw<Pin | null>(null);
  #touchedAt: number;
  #writtenAt = 0;

  /** `identity`: of the council itself, never of its rehearsal. */
  constructor(identity: Identity, { idle, now = () => Date.now() }: LockOptions) {
    this.identity = identity;
    this.#idle = idle;
    this.#now = now;
    this.#touchedAt = now();
    this.#channel.onmessage = () => void this.#read();
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    void this.#load();
  }

  get set(): boolean {
    return this.#pin !== null;
  }

  get locked(): boolean {
    return this.#pin?.locked === true;
  }

  /** Wrong tries in a row. */
  get wrong(): number {
    return this.#pin?.wrong ?? 0;
  }

  get triesLeft(): number {
    return this.#pin ? triesLeft(this.#pin) : MOST_WRONG;
  }

  /** While this page owes a vote, idleness waits: nobody misses a ballot for having looked at the speaker. */
  watch(session: Watched): void {
    this.session = session;
  }

  /** Somebody touches the page. False where the lock was due before: then the touch must not reach the page. */
  touched(): boolean {
    if (!this.#pin || this.locked) return true;
    if (this.#due) {
      void this.lock();
      return false;
    }
    this.#touchedAt = this.#now();
    if (isIdle(this.#writtenAt, this.#touchedAt, WRITE_MS)) void this.#write(this.#touchedAt);
    return true;
  }

  /** Locks where it is time. */
  async look(): Promise<void> {
    if (!this.#due) return;
    // Another tab of the same person may have been in use all the time.
    await this.#read();
    if (this.#due) await this.lock();
  }

  async lock(): Promise<void> {
    if (!this.#pin) return;
    this.#show({ ...this.#pin, locked: true });
    // Covered is covered, also where it cannot be written.
    await this.#change((pin) => ({ ...pin, locked: true })).catch(() => undefined);
  }

  async unlock(typed: string): Promise<Tried> {
    return this.#during(async () => {
      const tried = await this.#try(typed);
      if (tried === "right") await this.#change((pin) => ({ ...pin, locked: false, touchedAt: this.#now() }));
      return tried;
    });
  }

  /** The first PIN, or another one after `old` was right. */
  async setPin(typed: string, old: string | null = null): Promise<Tried> {
    return this.#during(async () => {
      const tried = this.#pin ? await this.#try(old ?? "") : "right";
      if (tried !== "right") return tried;
      const pin = await makePin(typed, this.#now());
      await this.#store((held) => ({ ...held, pin }));
      return tried;
    });
  }

  async removePin(old: string): Promise<Tried> {
    return this.#during(async () => {
      const tried = await this.#try(old);
      if (tried === "right") await this.#store(({ pin: _, ...held }) => held);
      return tried;
    });
  }

  /** Whether this is the PIN; counts like any other try. */
  check(typed: string): Promise<Tried> {
    return this.#during(() => this.#try(typed));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#channel.close();
  }

  get #due(): boolean {
    return this.#pin !== null && !this.locked && isIdle(this.#touchedAt, this.#now(), this.#idle) && !this.session?.owesVote;
  }

  async #load(): Promise<void> {
    await this.#read();
    const pin = this.#pin;
    // The page was closed in the middle of the last try.
    if (pin && triesLeft(pin) === 0) await this.#remove();
    else if (pin && isIdle(pin.touchedAt, this.#now(), this.#idle)) await this.lock();
    this.loaded = true;
  }

  /** The try is counted before it is known, so that a reload in between saves none. */
  async #try(typed: string): Promise<Tried> {
    const pin = await this.#change((held) => ({ ...held, wrong: held.wrong + 1 }));
    if (!pin) return this.gone ? "gone" : "right";
    if (pin.wrong <= MOST_WRONG && (await isRight(pin, typed))) {
      await this.#change((held) => ({ ...held, wrong: 0 }));
      return "right";
    }
    if (triesLeft(pin) > 0) return "wrong";
    await this.#remove();
    return "gone";
  }

  async #remove(): Promise<void> {
    await changeIdentity(this.identity.council, this.identity.person, (held) => (held.publicKey === this.identity.publicKey ? null : held));
    this.#show(null);
    this.gone = true;
    this.#tell();
  }

  async #write(at: number): Promise<void> {
    this.#writtenAt = at;
    await changeIdentity(this.identity.council, this.identity.person, (held) =>
      held.pin && !held.pin.locked ? { ...held, pin: { ...held.pin, touchedAt: at } } : held,
    ).catch(() => undefined);
  }

  async #change(change: (pin: Pin) => Pin): Promise<Pin | null> {
    const held = await this.#store((identity) => (identity.pin ? { ...identity, pin: change(identity.pin) } : identity));
    return held?.pin ?? null;
  }

  async #store(change: (held: Identity) => Identity): Promise<Identity | null> {
    const held = await changeIdentity(this.identity.council, this.identity.person, change);
    this.#follow(held);
    this.#tell();
    return held;
  }

  async #read(): Promise<void> {
    try {
      this.#follow((await heldIdentity(this.identity.council, this.identity.person)) ?? null);
    } catch {
      // What is known stays; covering what is shown needs no storage.
    }
  }

  #follow(held: Identity | null): void {
    if (held) this.#show(held.pin ?? null);
    else this.gone = true;
  }

  #show(pin: Pin | null): void {
    this.#pin = pin;
    if (pin && pin.touchedAt > this.#touchedAt) this.#touchedAt = pin.touchedAt;
    setCovered(this.identity, pin?.locked === true);
  }

  #tell(): void {
    this.#channel.postMessage(null);
  }

  async #during<T>(act: () => Promise<T>): Promise<T> {
    this.busy = true;
    try {
      return await act();
    } finally {
      this.busy = false;
    }
  }
}
