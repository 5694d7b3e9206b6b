// The lock over a memory that several tabs share, with a clock that is given.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeviceLock } from "../src/lock.svelte.ts";
import { base64 } from "../src/record/bytes.ts";
import { generateKey, rawPublicKey } from "../src/record/ed25519.ts";
import type { Identity } from "../src/record/keys.ts";
import { signOrder } from "../src/record/order.ts";
import { makePin } from "../src/record/pin.ts";
import { DeviceLocked, signLogin } from "../src/record/sign.ts";

const memory = vi.hoisted(() => ({ held: null as Identity | null, broken: false }));
vi.mock("../src/record/keys.ts", () => {
  const whenWhole = <T>(value: () => T): Promise<T> => (memory.broken ? Promise.reject(new Error("storage")) : Promise.resolve(value()));
  return {
    DeviceError: class extends Error {},
    heldIdentity: () => whenWhole(() => memory.held ?? undefined),
    changeIdentity: (_council: string, _person: string, change: (held: Identity) => Identity | null) =>
      whenWhole(() => (memory.held = memory.held && change(memory.held))),
  };
});

const MINUTE = 60_000;
const IDLE = 10 * MINUTE;
const PIN = "1379";
/** For what comes by itself: generous, because other work may have the machine. */
const SOON = { timeout: 20_000 };
const order = { order: "check_in", target: "db1", reason: null } as const;

let now = 0;
let open: DeviceLock[] = [];

beforeEach(async () => {
  now = 1_000 * MINUTE;
  const pair = await generateKey();
  const publicKey = base64(await rawPublicKey(pair.publicKey));
  memory.broken = false;
  memory.held = { council: "hanoi", person: "db1", origin: "dienhong.example/mau", key: pair.privateKey, publicKey } as Identity;
});
afterEach(() => {
  for (const lock of open) lock.close();
  open = [];
});

/** A tab of this browser. */
async function tab(idle = IDLE): Promise<DeviceLock> {
  const lock = new DeviceLock(memory.held!, { idle, now: () => now });
  open.push(lock);
  await vi.waitFor(() => expect(lock.loaded).toBe(true), SOON);
  return lock;
}

/** A tab of a device whose PIN is set; few rounds, because this is not about them. */
async function guarded(): Promise<DeviceLock> {
  memory.held = { ...memory.held!, pin: await makePin(PIN, now, 10) };
  return tab();
}

describe("a device without a PIN", () => {
  it("never locks, and signs", async () => {
    const lock = await tab();
    now += 24 * 60 * MINUTE;
    await lock.look();
    await lock.lock();
    expect(lock.locked).toBe(false);
    await signOrder(lock.identity, order);
  });

  it("can be given one", async () => {
    const lock = await tab();
    expect(await lock.setPin(PIN)).toBe("right");
    await lock.lock();
    expect([lock.set, lock.locked]).toEqual([true, true]);
  });
});

describe("idleness", () => {
  it("locks after the limit since the last touch", async () => {
    const lock = await guarded();
    now += IDLE - 1;
    expect(lock.touched()).toBe(true);
    now += IDLE - 1;
    await lock.look();
    expect(lock.locked).toBe(false);
    now += 1;
    await lock.look();
    expect(lock.locked).toBe(true);
  });

  it("waits as long as a vote is owed", async () => {
    const lock = await guarded();
    const session = { owesVote: true, council: null, live: null };
    lock.watch(session);
    now += 3 * IDLE;
    await lock.look();
    expect(lock.locked).toBe(false);
    session.owesVote = false;
    await lock.look();
    expect(lock.locked).toBe(true);
  });

  it("is over for no touch that comes after it: a tablet that wakes up is locked first", async () => {
    const lock = await guarded();
    now += IDLE;
    expect(lock.touched()).toBe(false);
    expect(lock.locked).toBe(true);
  });

  it("also passes while no page is open", async () => {
    const lock = await guarded();
    lock.close();
    now += IDLE;
    expect((await tab()).locked).toBe(true);
  });

  it("is ended by a touch in another tab", async () => {
    const [idle, used] = [await guarded(), await tab()];
    now += IDLE - MINUTE;
    used.touched();
    now += MINUTE;
    await idle.look();
    expect([idle.locked, used.locked]).toEqual([false, false]);
  });
});

describe("a locked device", () => {
  it("signs nothing for its person, in no tab, and still answers the server's challenge", async () => {
    const lock = await guarded();
    const { identity } = lock;
    await signOrder(identity, order);
    await lock.lock();
    await expect(signOrder(identity, order)).rejects.toBeInstanceOf(DeviceLocked);
    await expect(signOrder({ ...identity, council: "hanoi.rehearsal" }, order)).rejects.toBeInstanceOf(DeviceLocked);
    expect(await signLogin(identity, base64(new Uint8Array(32)))).toContain("chamber-login/v1");
    expect(await lock.unlock(PIN)).toBe("right");
    await signOrder(identity, order);
  });

  it("stays locked where the browser's memory fails, and a device that is not goes on", async () => {
    const lock = await guarded();
    memory.broken = true;
    await signOrder(lock.identity, order);
    await lock.lock();
    expect(lock.locked).toBe(true);
    await expect(signOrder(lock.identity, order)).rejects.toBeInstanceOf(DeviceLocked);
  });

  it("is locked in every tab and in the next one", async () => {
    const [one, two] = [await guarded(), await tab()];
    await one.lock();
    await vi.waitFor(() => expect(two.locked).toBe(true), SOON);
    expect((await tab()).locked).toBe(true);
    await two.unlock(PIN);
    await vi.waitFor(() => expect(one.locked).toBe(false), SOON);
  });
});

describe("a wrong PIN", () => {
  it("is counted over a reload, and the right one begins anew", async () => {
    const lock = await guarded();
    await lock.lock();
    for (let n = 0; n < 3; n++) expect(await lock.unlock("2468")).toBe("wrong");
    const later = await tab();
    expect(later.triesLeft).toBe(2);
    expect(await later.unlock(PIN)).toBe("right");
    expect(later.triesLeft).toBe(5);
  });

  it("five times in a row removes the key in every tab", async () => {
    const [lock, other] = [await guarded(), await tab()];
    await lock.lock();
    for (let n = 0; n < 4; n++) await lock.unlock("2468");
    expect([lock.triesLeft, lock.gone]).toEqual([1, false]);
    expect(await lock.unlock("2468")).toBe("gone");
    expect(memory.held).toBeNull();
    await vi.waitFor(() => expect(other.gone).toBe(true), SOON);
    await expect(signOrder(lock.identity, order)).rejects.toThrow();
  });

  it("counts the same where the PIN is to be changed or removed", async () => {
    const lock = await guarded();
    expect(await lock.setPin("4826", "2468")).toBe("wrong");
    expect(await lock.removePin("2468")).toBe("wrong");
    expect(await lock.check("2468")).toBe("wrong");
    expect(lock.triesLeft).toBe(2);
    expect(await lock.check(PIN)).toBe("right");
  });

  it("is counted before it is known: a page closed in the middle of the last try has lost the key", async () => {
    await guarded();
    memory.held = { ...memory.held!, pin: { ...memory.held!.pin!, wrong: 5 } };
    expect((await tab()).gone).toBe(true);
    expect(memory.held).toBeNull();
  });
});

describe("the PIN", () => {
  it("is changed behind the old one", async () => {
    const lock = await guarded();
    expect(await lock.setPin("4826", PIN)).toBe("right");
    await lock.lock();
    expect(await lock.unlock(PIN)).toBe("wrong");
    expect(await lock.unlock("4826")).toBe("right");
  });

  it("is removed behind itself", async () => {
    const lock = await guarded();
    expect(await lock.removePin(PIN)).toBe("right");
    expect(lock.set).toBe(false);
    expect(memory.held?.pin).toBeUndefined();
  });
});
