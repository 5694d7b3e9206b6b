// Chromium, and pages opened as one person in one language at one size.

import { chromium, type Browser, type Page } from "playwright-core";
import { personOf } from "../fixtures.ts";
import type { World } from "./server.ts";

/** The same engine without its window starts a page in half the time (Debian: chromium-headless-shell). */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export type OpenOptions = {
  /** Path under the council, such as `delegate`, `results#r8`; a leading `/` makes it absolute. */
  path: string;
  /** Whose device this browser is. */
  person?: string | null;
  /** Further people with a key in this browser. */
  others?: string[];
  lang?: "vi" | "en";
  width?: number;
  height?: number;
  /** An office's page asks for a PIN first; elsewhere it was put off. */
  pinAsked?: boolean;
  /** Collects what the browser complains about: broken policy, errors. */
  complaints?: string[];
};

export async function openPage(browser: Browser, world: World, options: OpenOptions): Promise<Page> {
  const { path, person = null, others = [], lang = "vi", width = 1280, height = 800, pinAsked = false, complaints } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", timezoneId: "Asia/Ho_Chi_Minh" });
  const page = await context.newPage();
  await context.addInitScript((chosen) => {
    if (localStorage.getItem("dienhong.lang") === null) localStorage.setItem("dienhong.lang", chosen);
  }, lang);
  // Any page of the origin, to write the device's memory before the page itself starts.
  await page.goto(`${world.url}/api/councils`);
  const people = [person, ...others].filter((p): p is string => p !== null);
  for (const id of people) await giveKey(page, world, id);
  if (person && others.length === 0)
    await page.evaluate(([council, id]) => sessionStorage.setItem(`dienhong.acting.${council}`, id!), [world.home.council, person]);
  if (!pinAsked)
    for (const id of people) await page.evaluate(([council, id]) => sessionStorage.setItem(`dienhong.pin-later.${council}.${id}`, "1"), [world.home.council, id]);
  // Only now: the page before has no icon, and the line is cut on purpose in some states.
  page.on("pageerror", (error) => complaints?.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("WebSocket connection")) complaints?.push(message.text());
  });
  await page.goto(path.startsWith("/") ? world.url + path : `${world.url}/c/${world.council}/${path}`);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** Puts a device key of this person into the browser, as enrolment would. */
async function giveKey(page: Page, world: World, id: string): Promise<void> {
  const person = personOf(world.fixture.roll, id);
  await page.evaluate(
    async ({ council, origin, vkey, person }) => {
      const pair = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
      const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
      const publicKey = btoa(String.fromCharCode(...raw));
      const db = await new Promise<IDBDatabase>((done, failed) => {
        const request = indexedDB.open("dienhong", 1);
        request.onupgradeneeded = () =>
          ["keys", "receipts", "pending", "probe"].forEach((store) => request.result.createObjectStore(store));
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      const identity = {
        council,
        person: person.id,
        name: person.name,
        seat: person.seat,
        group: person.group,
        origin,
        vkey,
        publicKey,
        key: pair.privateKey,
        enrolledAt: Date.now(),
      };
      await new Promise<void>((done, failed) => {
        const transaction = db.transaction("keys", "readwrite");
        transaction.objectStore("keys").put(identity, [council, person.id]);
        transaction.oncomplete = () => done();
        transaction.onerror = () => failed(transaction.error);
      });
      db.close();
    },
    { ...world.home, person },
  );
}
