// The machine behind the wall: its screen must not sleep, and it may sound a tone when voting opens.

/** Keeps the screen awake while the page is visible. Asked again after every return, because browsers let go when hidden. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    // Refused on machines without the feature or on low battery: then the hall's own power settings decide.
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  };
  void ask();
  document.addEventListener("visibilitychange", ask);
  return () => {
    document.removeEventListener("visibilitychange", ask);
    void lock?.release();
  };
}

/** Seconds and pitch of the two notes of the attention tone. */
const NOTES = [
  { at: 0, hertz: 659 },
  { at: 0.22, hertz: 880 },
] as const;

/**
 * The attention tone at the opening of a vote. Browsers stay silent until somebody has touched the page once; so does this.
 */
export function attentionTone(): { sound: () => void; stop: () => void } {
  let context: AudioContext | null = null;
  const wake = () => {
    context ??= new AudioContext();
    void context.resume();
  };
  const touched = ["pointerdown", "keydown"] as const;
  for (const event of touched) addEventListener(event, wake, { once: true });
  return {
    sound() {
      if (!context || context.state !== "running") return;
      for (const { at, hertz } of NOTES) note(context, context.currentTime + at, hertz);
    },
    stop() {
      for (const event of touched) removeEventListener(event, wake);
      void context?.close();
    },
  };
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
