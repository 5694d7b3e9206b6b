// One socket to one council: joining, heartbeat, reconnection and close codes (docs/protocol.md, "The socket").
// It knows nothing of what the frames mean; the session does.

import ReconnectingWebSocket, { type CloseEvent } from "partysocket/ws";
import { clock, local } from "./clock.svelte.ts";
import type { Identity } from "./record/keys.ts";
import { signLogin } from "./record/sign.ts";
import type { ClientFrame, Page, ServerFrame } from "./wire.ts";

const PROTOCOL = 1;

/** How often the page asks the server for a sign of life. Quicker than the protocol's 10 s, because a delegate whose line is dead must know within a breath. */
const PING_MS = 3_000;
/** While a ballot runs. */
const PING_URGENT_MS = 1_000;
/** No sign of life for so long: the line counts as lost. A hall's Wi-Fi delays by hundreds of milliseconds, not by seconds. */
const SILENCE_MS = 5_000;
const SILENCE_URGENT_MS = 2_500;
/** Pings right after joining, so that the clock is good before the first countdown. */
const FIRST_PINGS_MS = [0, 150, 400, 900];
/** 4003: the server asked for a pause. */
const TOO_FAST_PAUSE_MS = 5_000;

/**
 * `connecting`: not joined yet since the page opened · `lost`: was live, is being tried again · `replaced`: the same device
 * joined in another window · `refused`: the server does not want this device · `unsupported`: this browser or page cannot take
 * part · `ended`: the rehearsal is over, and what it was is gone.
 */
export type Connection = "connecting" | "live" | "lost" | "replaced" | "refused" | "unsupported" | "ended";

export type LinkOptions = {
  url: string;
  page: Page;
  identity: Identity | null;
  onFrame(frame: ServerFrame): void;
  /** `code` says why, for `refused` and `unsupported`. */
  onConnection(connection: Connection, code: string | null): void;
  onSignOfLife(): void;
};

export class Link {
  readonly #options: LinkOptions;
  readonly #socket: ReconnectingWebSocket;
  #state: Connection = "connecting";
  #errorCode: string | null = null;
  #urgent = false;
  #heardAt = local();
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#socket = new ReconnectingWebSocket(options.url, [], {
      // Votes and orders are sent again by their own id once joined; a blind replay would bypass the login.
      maxEnqueuedMessages: 0,
      // Spread over a second, so that a hall full of tablets does not come back in the same instant.
      minReconnectionDelay: 300 + Math.random() * 900,
      maxReconnectionDelay: 5_000 + Math.random() * 2_000,
      reconnectionDelayGrowFactor: 1.6,
      connectionTimeout: 5_000,
      minUptime: 3_000,
      shouldReconnectOnClose: (event) => this.#closed(event),
    });
    this.#socket.addEventListener("message", (event) => this.#received(event));
    globalThis.addEventListener?.("offline", this.#offline);
    globalThis.addEventListener?.("online", this.#online);
    globalThis.document?.addEventListener("visibilitychange", this.#visible);
    this.#beat();
  }

  get live(): boolean {
    return this.#state === "live";
  }

  /** Pings more often, while a ballot runs. */
  set urgent(urgent: boolean) {
    if (urgent === this.#urgent) return;
    this.#urgent = urgent;
    this.#beat();
  }

  /** False when the line is down; the caller sends again after the next join. */
  send(frame: ClientFrame): boolean {
    if (this.#socket.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  reconnectNow(): void {
    if (this.#state === "lost" || this.#state === "connecting") this.#socket.reconnect();
  }

  /** Takes the place back from the window that took it. Only ever by a tap: two windows that did it by themselves would never end. */
  takeBack(): void {
    if (this.#state !== "replaced") return;
    this.#become("connecting", null);
    this.#socket.reconnect();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#heartbeat);
    globalThis.removeEventListener?.("offline", this.#offline);
    globalThis.removeEventListener?.("online", this.#online);
    globalThis.document?.removeEventListener("visibilitychange", this.#visible);
    this.#socket.close(1000);
  }

  #received(event: MessageEvent): void {
    let frame: ServerFrame;
    try {
      frame = JSON.parse(String(event.data)) as ServerFrame;
    } catch {
      return;
    }
    this.#heardAt = local();
    this.#options.onSignOfLife();
    switch (frame.type) {
      case "challenge":
        void this.#join(frame);
        return;
      case "joined":
        this.#errorCode = null;
        this.#become("live", null);
        for (const delay of FIRST_PINGS_MS) this.#later(delay, () => this.#ping());
        break;
      case "pong":
        clock.sample(frame.at, local(), frame.server_time);
        break;
      case "error":
        this.#errorCode = frame.code;
        break;
      default:
        break;
    }
    this.#options.onFrame(frame);
  }

  async #join(challenge: Extract<ServerFrame, { type: "challenge" }>): Promise<void> {
    clock.restart(challenge.server_time);
    if (challenge.protocol !== PROTOCOL) return this.#stop("unsupported", "protocol_version");
    const { identity, page } = this.#options;
    let statement: string | null = null;
    if (identity) {
      if (identity.origin !== challenge.log) return this.#stop("refused", "wrong_log");
      try {
        statement = await signLogin(identity, challenge.challenge);
      } catch {
        return this.#stop("unsupported", "no_key");
      }
    }
    this.send({ type: "join", protocol: PROTOCOL, page, statement });
  }

  /** Whether to try again. Called by the socket before its own close listeners. */
  #closed(event: CloseEvent): boolean {
    switch (event.code) {
      case 4000:
        this.#become("refused", this.#errorCode ?? "bad_frame");
        return false;
      case 4001:
        this.#become("replaced", null);
        return false;
      case 4002:
        this.#become("refused", this.#errorCode ?? "unknown_device");
        return false;
      case 4003:
        this.#down();
        this.#later(TOO_FAST_PAUSE_MS, () => this.#socket.reconnect());
        return false;
      case 4008:
        this.#become("ended", null);
        return false;
      default:
        this.#down();
        return true;
    }
  }

  #down(): void {
    if (this.#state === "live") this.#become("lost", null);
  }

  #stop(state: "refused" | "unsupported", code: string): void {
    this.#become(state, code);
    this.#socket.close(1000);
  }

  #become(state: Connection, code: string | null): void {
    this.#state = state;
    this.#options.onConnection(state, code);
  }

  #beat(): void {
    clearTimeout(this.#heartbeat);
    const every = this.#urgent ? PING_URGENT_MS : PING_MS;
    this.#heartbeat = setTimeout(() => {
      if (this.#state === "live") {
        const silence = this.#urgent ? SILENCE_URGENT_MS : SILENCE_MS;
        if (local() - this.#heardAt > silence) {
          this.#down();
          this.#socket.reconnect();
        } else {
          this.#ping();
        }
      }
      this.#beat();
    }, every);
  }

  #ping(): void {
    this.send({ type: "ping", at: local() });
  }

  #later(delay: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delay);
    this.#timers.add(timer);
  }

  readonly #offline = (): void => this.#down();

  readonly #online = (): void => this.reconnectNow();

  /** A tablet that wakes up asks at once instead of trusting a line that died in its sleep. */
  readonly #visible = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.#state === "live") {
      this.#heardAt = local();
      this.#ping();
    } else {
      this.reconnectNow();
    }
  };
}
