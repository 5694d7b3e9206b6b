// The server's clock as this page knows it. The offset comes from the fastest ping of the connection: the shorter the way,
// the less room for error. Countdowns are only shown from it; whether a vote was in time is the server's to say.

/** Pings kept for choosing the fastest; older ones go, so that a clock that drifts is followed. */
const SAMPLES = 24;
/** Four steps a second: a countdown's digit changes within a quarter second of the server's. */
const STEP_MS = 250;

type Sample = { rtt: number; offset: number };

export class Clock {
  #samples: Sample[] = [];
  #offset = 0;
  #now = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#tick();
  }

  /** Server time in milliseconds, renewed four times a second on the server's quarter seconds. */
  get now(): number {
    return this.#now;
  }

  /** Server time at this very moment; not reactive. */
  exact(): number {
    return local() + this.#offset;
  }

  /** One ping: page clock when sent and received, and the server's time between. Returns the round trip. */
  sample(sentAt: number, receivedAt: number, serverTime: number): number {
    const rtt = Math.max(0, receivedAt - sentAt);
    this.#samples.push({ rtt, offset: serverTime - (sentAt + receivedAt) / 2 });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    const fastest = this.#samples.reduce((best, s) => (s.rtt < best.rtt ? s : best));
    this.#offset = fastest.offset;
    this.#tick();
    return rtt;
  }

  /** A new connection may reach another server, or the device may have slept: earlier samples no longer count. */
  restart(serverTime: number): void {
    this.#samples = [];
    this.#offset = serverTime - local();
    this.#tick();
  }

  /** Milliseconds until `closesAt`, never negative. Reactive. */
  remaining(closesAt: number): number {
    return Math.max(0, closesAt - this.#now);
  }

  #tick(): void {
    clearTimeout(this.#timer);
    const now = this.exact();
    this.#now = now;
    // One millisecond over, so that the step never falls just before the second it is meant for.
    const step = STEP_MS - (((now % STEP_MS) + STEP_MS) % STEP_MS) + 1;
    this.#timer = setTimeout(() => this.#tick(), step);
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }
}

/** This page's clock, which a change of the system time does not move. */
export function local(): number {
  return performance.timeOrigin + performance.now();
}

export const clock = new Clock();
