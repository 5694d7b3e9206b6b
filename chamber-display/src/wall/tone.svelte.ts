// The attention tone at the opening of a ballot: only where somebody switched it on at this very screen, and remembered there.

const STORED = "dienhong.wall.sound";

/** Seconds and pitch of the two notes. */
const NOTES = [
  { at: 0, hertz: 659 },
  { at: 0.22, hertz: 880 },
] as const;

export class Tone {
  /** Somebody wants it on this wall. */
  on = $state(remembered());
  /** The browser sounds nothing before the page was touched once since it was opened. */
  waits = $state(true);
  #context: AudioContext | null = null;

  constructor() {
    if (this.on) void this.#wake();
  }

  toggle(): void {
    this.on = !this.on;
    remember(this.on);
    if (this.on) void this.#wake().then(() => this.sound());
  }

  /** Any touch of the page lets a remembered tone sound again. */
  touched(): void {
    if (this.on && this.waits) void this.#wake();
  }

  sound(): void {
    const context = this.#context;
    if (!this.on || !context || context.state !== "running") return;
    for (const { at, hertz } of NOTES) note(context, context.currentTime + at, hertz);
  }

  stop(): void {
    void this.#context?.close();
    this.#context = null;
  }

  async #wake(): Promise<void> {
    try {
      this.#context ??= new AudioContext();
      // Without a touch this may stay pending for ever; the next touch asks again.
      await this.#context.resume();
      this.waits = false;
    } catch {
      // A machine without sound shows what it shows.
    }
  }
}

function note(context: AudioContext, at: number, hertz: number): void {
  const oscillator = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.18, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.55);
}

function remembered(): boolean {
  try {
    return localStorage.getItem(STORED) === "on";
  } catch {
    return false;
  }
}

function remember(on: boolean): void {
  try {
    if (on) localStorage.setItem(STORED, "on");
    else localStorage.removeItem(STORED);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}
