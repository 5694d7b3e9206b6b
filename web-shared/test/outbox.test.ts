import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "../src/outbox.ts";
import type { ClientFrame, Receipt } from "../src/wire.ts";

const receipt: Receipt = { seq: 1, entry: "{}", proof: [], checkpoint: "" };
const frame = (id: string): Extract<ClientFrame, { type: "cast_vote" }> => ({ type: "cast_vote", id, statement: `statement ${id}` });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("outbox", () => {
  it("sends the same frame again until it is answered, and says once that it takes long", async () => {
    const sent: string[] = [];
    const late = vi.fn();
    const outbox = new Outbox((f) => sent.push(JSON.stringify(f)) > 0);
    const answer = outbox.add(frame("a"), null, late);
    vi.advanceTimersByTime(7_000);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(new Set(sent).size).toBe(1);
    expect(late).toHaveBeenCalledOnce();
    outbox.receipt("a", receipt);
    expect(await answer).toEqual({ kind: "receipt", receipt });
    const before = sent.length;
    vi.advanceTimersByTime(10_000);
    expect(sent.length).toBe(before);
  });

  it("goes on after a retryable refusal and ends at a final one", async () => {
    const sent: string[] = [];
    const outbox = new Outbox((f) => sent.push(f.id) > 0);
    const answer = outbox.add(frame("a"), null);
    outbox.refused("a", "busy", true);
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual(["a", "a"]);
    outbox.refused("a", "ballot_not_open", false);
    expect(await answer).toEqual({ kind: "refused", code: "ballot_not_open", retry: false });
  });

  it("gives up at its limit with the last thing it heard", async () => {
    const outbox = new Outbox(() => false);
    const silent = outbox.add(frame("a"), 5_000);
    const busy = outbox.add(frame("b"), 5_000);
    outbox.refused("b", "busy", true);
    vi.advanceTimersByTime(5_500);
    expect(await silent).toEqual({ kind: "refused", code: "no_answer", retry: true });
    expect(await busy).toEqual({ kind: "refused", code: "busy", retry: true });
  });

  it("sends everything unanswered at once after joining again", () => {
    const sent: string[] = [];
    const outbox = new Outbox((f) => sent.push(f.id) > 0);
    void outbox.add(frame("a"), null);
    void outbox.add(frame("b"), null);
    outbox.flush();
    expect(sent).toEqual(["a", "b", "a", "b"]);
    outbox.stop();
  });
});
