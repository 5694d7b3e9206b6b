// https in a hall without internet: a tablet that does not know the hall's authority turns away, takes the authority on as the
// install page says, and then enrols and votes. Chromium on Linux keeps its authorities in the NSS database of its user's home.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { violations } from "../pages/harness/usable.ts";
import * as act from "./acts.ts";
import { BINARY } from "./built.ts";
import { Hall } from "./hall.ts";
import { launch, Room, see, WAIT_MS } from "./room.ts";
import { convene } from "./sitting.ts";

const NAME = "hoidong.test";
const SITE = `https://${NAME}`;

const execute = promisify(execFile);

let folder: string;
let hall: Hall;
/** Address of the install page, as the console tells it. */
let page: string;
/** The fingerprint, as the console tells it and the sheet on the wall. */
let fingerprint: string;
const browsers: Browser[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dienhong-tls-"));
  const [ca, tls] = [join(folder, "ca"), join(folder, "tls")];
  fingerprint = fingerprintIn(await run(BINARY, "ca", "new", "--for", NAME, "--out", ca));
  await run(BINARY, "ca", "issue", "--authority", ca, "--out", tls);
  const files = ["--tls-cert", join(tls, "server.pem"), "--tls-key", join(tls, "server.key")];
  hall = await Hall.open({ preset: "generic", serving: [...files, "--authority", ca, "--install-listen", "127.0.0.1:0"] });
  const told = (): string => /http:\S+\/install/.exec(hall.said())?.[0] ?? "";
  await expect.poll(told, { timeout: WAIT_MS }).not.toBe("");
  page = told();
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close();
  await hall.remove();
  await rm(folder, { recursive: true, force: true });
});

it("a tablet takes the authority on, enrols under the hall's name and votes", async () => {
  const served = new URL(hall.url).host;
  // From here on the hall is where its name is, as for every tablet.
  hall.url = SITE;
  const tablet = await tabletAt("tablet", { [NAME]: served });
  await expect((await tablet.newPage()).goto(SITE)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");

  const stranger = await tablet.newPage();
  await stranger.goto(page);
  await see(stranger, "Cài chứng thư của hội trường lên máy này");
  const shown = await stranger.locator(".fingerprint").first().innerText();
  expect(shown.replace(/\s+/g, " ")).toBe(fingerprint);
  const [download] = await Promise.all([stranger.waitForEvent("download"), stranger.locator(".files a").nth(1).click()]);
  expect(download.suggestedFilename()).toBe(`${NAME}.crt`);
  const file = await download.path();
  expect(sha256Of(await readFile(file))).toBe(fingerprint);
  await trust("tablet", file);
  await tablet.close();

  // Authorities are read when the browser starts.
  const browser = await tabletAt("tablet", { [NAME]: served });
  const room = await Room.enter(browser, hall);
  const sockets: string[] = [];
  browser.contexts()[0]!.on("page", (opened) => opened.on("websocket", (socket) => sockets.push(new URL(socket.url()).origin)));
  const { chair, delegates } = await convene(hall, room, ["d2"]);
  const delegate = delegates[0]!;
  expect(new URL(delegate.url()).origin).toBe(SITE);
  expect(await delegate.evaluate(() => isSecureContext)).toBe(true);
  await act.goToItem(chair, 2);
  await act.openBallot(chair);
  await act.vote(delegate, "yes");
  const receipt = await act.copyReceipt(delegate);
  const verify = await room.open("verify");
  expect(new Set(Object.values(await act.verifyReceipt(verify, receipt)))).toEqual(new Set(["Khớp"]));
  expect(new Set(sockets)).toEqual(new Set([`wss://${NAME}`]));
  // Under https the page says the same.
  const again = await room.open(`${SITE}/install`);
  await see(again, "Install this hall’s certificate on this device");
  room.expectQuiet();
  await room.leave(null);
});

it("a thief with the authority's key is the hall's server, and no other site", async () => {
  await trust("tablet", join(folder, "ca/authority.pem"));
  const sites = { "x.hoidong.test": await forge("x.hoidong.test"), "bank.test": await forge("bank.test") };
  try {
    const served = Object.entries(sites).map(([name, server]) => [name, `127.0.0.1:${(server.address() as AddressInfo).port}`]);
    const opened = await (await tabletAt("tablet", Object.fromEntries(served))).newPage();
    await opened.goto("https://x.hoidong.test");
    await see(opened, "forged");
    await expect(opened.goto("https://bank.test")).rejects.toThrow(/ERR_CERT_/);
    expect(await opened.getByText("forged").count()).toBe(0);
  } finally {
    for (const server of Object.values(sites)) server.close();
  }
});

it("the install page can be used by everybody, on a phone and on a tablet", async () => {
  const browser = await tabletAt("visitor", {});
  for (const width of [320, 390, 820, 1280]) {
    const opened = await browser.newPage({ viewport: { width, height: 900 } });
    const complaints: string[] = [];
    opened.on("console", (message) => complaints.push(message.text()));
    await opened.goto(page);
    for (const summary of await opened.locator("summary").all()) await summary.click();
    expect(await violations(opened)).toEqual([]);
    expect(await overflow(opened)).toBe(0);
    expect(complaints).toEqual([]);
    await opened.close();
  }
});

/** A browser with a home of its own, for which these names stand at these addresses. */
async function tabletAt(home: string, names: Record<string, string>): Promise<Browser> {
  const rules = Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`);
  const env = { ...process.env, HOME: await homeOf(home) } as Record<string, string>;
  const browser = await launch({ env, args: [`--host-resolver-rules=${rules.join(",")}`] });
  browsers.push(browser);
  return browser;
}

async function homeOf(name: string): Promise<string> {
  const home = join(folder, name);
  await mkdir(home, { recursive: true });
  return home;
}

/** What the install page tells users of Chromium to type. */
async function trust(home: string, file: string): Promise<void> {
  const database = join(await homeOf(home), ".pki/nssdb");
  await mkdir(database, { recursive: true });
  await run("certutil", "-d", `sql:${database}`, "-N", "--empty-password");
  await run("certutil", "-d", `sql:${database}`, "-A", "-t", "C,,", "-n", NAME, "-i", file);
}

/** A server for that name, with a certificate signed by the authority's stolen key. */
async function forge(name: string): Promise<Server> {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  await run(
    "openssl",
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", key, "-out", cert, "-days", "30"],
    ...["-CA", join(folder, "ca/authority.pem"), "-CAkey", join(folder, "ca/authority.key"), "-subj", `/CN=${name}`],
    ...["-addext", `subjectAltName=DNS:${name}`, "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
  );
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, answer) => answer.end("forged"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** Pixels by which the page is wider than the screen. */
function overflow(opened: Page): Promise<number> {
  return opened.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function fingerprintIn(said: string): string {
  return [...said.matchAll(/^ {4}((?:[0-9A-F]{4} ?){4})$/gm)].map(([, line]) => line).join(" ");
}

function sha256Of(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase().match(/.{4}/g)!.join(" ");
}

/** What a program says; it must end well. */
async function run(program: string, ...options: string[]): Promise<string> {
  const packages: Record<string, string> = { certutil: "libnss3-tools", openssl: "openssl" };
  try {
    return (await execute(program, options, { timeout: WAIT_MS })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${program} is missing: apt-get install ${packages[program] ?? program}`);
  }
}
