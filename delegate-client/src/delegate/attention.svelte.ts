// Calls a person's attention to the tablet: a short tone and, where the device can, a shake. Browsers let a page sound only
// after its person has touched it.

export type Call = "ballot" | "nudge" | "floor";

const STORED = "dienhong.tone";

/** Notes in hertz, one after the other: rising for a ballot, the same twice for a reminder, falling for the floor. */
const NOTES: Record<Call, readonly number[]> = { ballot: [660, 880], nudge: [880, 880, 880], floor: [880, 660] };
const SHAKES: Record<Call, readonly number[]> = { ballot: [120], nudge: [200, 100, 200], floor: [200] };
const NOTE_S = 0.22;
const GAP_S = 0.06;
/** Audible across a desk, not across the hall. */
const LOUDNESS = 0.18;

class Attention {
  /** The person's own choice, kept by this browser. */
  #sounding = $state(stored());
  #audio: AudioContext | null = null;

  get sounding(): boolean {
    return this.#sounding;
  }

  set sounding(on: boolean) {
    this.#sounding = on;
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // Storage may be switched off; the choice then lasts as long as the page.
    }
  }

  /** To be called from the person's first touch of the page. */
  touched(): void {
    if (this.#audio || typeof AudioContext === "undefined") return;
    this.#audio = new AudioContext();
  }

  call(what: Call): void {
    // Before the page was touched the browser would refuse both.
    if (this.#audio) navigator.vibrate?.([...SHAKES[what]]);
    if (this.#audio && this.#sounding) play(this.#audio, NOTES[what]);
  }
}

export const attention = new Attention();

function play(audio: AudioContext, notes: readonly number[]): void {
  void audio.resume().catch(() => undefined);
  notes.forEach((frequency, i) => {
    const start = audio.currentTime + i * (NOTE_S + GAP_S);
    const note = audio.createOscillator();
    const loudness = audio.createGain();
    note.frequency.value = frequency;
    // Swells and fades, so that it does not click.
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    loudness.gain.linearRampToValueAtTime(0, start + NOTE_S);
    note.connect(loudness).connect(audio.destination);
    note.start(start);
    note.stop(start + NOTE_S);
  });
}

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}
