// The machine behind the wall: its screen must not sleep.

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
