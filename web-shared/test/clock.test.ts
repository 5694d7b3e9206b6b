import { describe, expect, it } from "vitest";
import { Clock, local } from "../src/clock.svelte.ts";

describe("clock", () => {
  it("believes the fastest ping", () => {
    const clock = new Clock();
    const now = local();
    clock.restart(now + 5_000);
    // Slow and lopsided: the answer took its time on the way back.
    clock.sample(now - 900, now, now - 900 + 4_000 + 10);
    // Fast: at most 10 ms of doubt.
    clock.sample(now - 20, now, now - 10 + 4_000);
    clock.sample(now - 700, now, now + 4_600);
    expect(clock.exact() - local()).toBeGreaterThan(3_980);
    expect(clock.exact() - local()).toBeLessThan(4_020);
  });

  it("never counts below zero", () => {
    const clock = new Clock();
    clock.restart(local());
    expect(clock.remaining(clock.exact() - 60_000)).toBe(0);
    expect(clock.remaining(clock.exact() + 60_000)).toBeGreaterThan(59_000);
  });
});
