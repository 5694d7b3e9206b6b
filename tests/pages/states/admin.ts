import type { Page } from "playwright-core";
import type { RosterResponse, RowProblem } from "@dienhong/web-shared/wire.ts";
import { lookUp, makeLog } from "../audit-log.ts";
import { ADMINISTRATOR, CHAIR, SECRETARY } from "../fixtures.ts";
import type { World } from "../harness/server.ts";
import type { State } from "./index.ts";

export const CODE = "7KQM-2F9X";

/** Answers the orders that leave nothing in the record, and shows the code in the console's view as the server would. */
export function issuing(world: World): void {
  world.onOrder = (order, args) => {
    const entry = world.fixture.console.people.find((person) => person.id === order.target);
    if (order.order === "issue_code") {
      const expires_at = Date.now() + 581_000;
      if (entry) entry.code_until = expires_at;
      return { reply: { reply: "code", person: order.target, code: CODE, link: `/c/hanoi/delegate#enrol=${CODE}`, expires_at } };
    }
    if (order.order === "cancel_code") {
      if (entry) entry.code_until = null;
      return { reply: { reply: "code_cancelled", person: order.target } };
    }
    if (order.order === "revoke_device" && entry) Object.assign(entry, { device: null, revoked: (args as { reason: string }).reason });
    return "take";
  };
}

/** One of each trouble, and the rest connected. */
export function troubles(world: World): void {
  issuing(world);
  const at = (id: string) => world.fixture.console.people.find((person) => person.id === id);
  const waiting = at("d040");
  const never = at("d035");
  const slow = at("d002");
  if (slow?.device) slow.device.delay_ms = 730;
  if (waiting) Object.assign(waiting, { device: null, code_until: Date.now() + 372_000 });
  if (never) never.device = null;
}

export const PROBLEMS: RowProblem[] = [
  { line: 3, column: "seat", code: "duplicate_seat", value: "14" },
  { line: 7, column: "id", code: "bad_id", value: "Đ07" },
  { line: 7, column: "offices", code: "unknown_office", value: "president" },
  { line: 12, column: "name", code: "empty", value: "" },
];

/** What the roster's two addresses answer. */
export async function rosterAnswers(page: Page, world: World, problems: RowProblem[] = []): Promise<unknown[]> {
  const sent: unknown[] = [];
  await page.route("**/api/roster**", async (route) => {
    sent.push(route.request().postDataJSON());
    if (problems.length > 0) {
      return route.fulfill({ status: 422, contentType: "application/problem+json", json: { type: "about:blank#bad_csv", title: "bad_csv", status: 422, code: "bad_csv", detail: "", problems } });
    }
    const imported = !route.request().url().endsWith("/check");
    const people = world.fixture.roll.people.slice(0, 40);
    const answer: RosterResponse = { added: 3, changed: 2, unchanged: 35, people, imported };
    return route.fulfill({ json: answer });
  });
  return sent;
}

const CSV = "id,name,seat,group,offices\nd001,Phạm Thị Lan Tùng,1,Tổ 1,chair\nd002,Phạm Thanh Khôi,2,Tổ 1,\n";

async function checkRoster(page: Page, world: World, problems: RowProblem[]): Promise<void> {
  await rosterAnswers(page, world, problems);
  await page.locator("textarea").fill(CSV);
  await page.locator("[data-act=roster-check]").click();
  await page.locator(problems.length > 0 ? ".problems" : ".counts").waitFor();
}

const secretary = (state: Omit<State, "person">): State => ({ person: SECRETARY, before: troubles, ...state });
const administrator = (state: Omit<State, "person">): State => ({ person: ADMINISTRATOR, before: troubles, ...state });

function councils(world: World): void {
  troubles(world);
  world.json.set("/api/councils", [
    { id: "hanoi", name: "Hội đồng nhân dân Thành phố Hà Nội", short_name: "HĐND Thành phố Hà Nội", origin: "chamber.example/hanoi", sitting: true },
    { id: "dan-phuong", name: "Hội đồng nhân dân xã Đan Phượng", short_name: "HĐND xã Đan Phượng", origin: "chamber.example/dan-phuong", sitting: false },
  ]);
}

/** Just founded: its administrator is on the roll, and nobody else. */
export function founded(world: World): void {
  issuing(world);
  const { fixture } = world;
  Object.assign(fixture.council, { session: null, sittings: [], agenda: [] });
  Object.assign(fixture.live, { sitting: null, gavel: null, item: null, ballot: null });
  fixture.roll.people = fixture.roll.people.filter((person) => person.id === ADMINISTRATOR);
  fixture.console.people = fixture.console.people.filter((person) => person.id === ADMINISTRATOR);
}

/** The roster is in, and a dozen devices are out. */
export function equipping(world: World): void {
  const { roll, console } = world.fixture;
  const people = roll.people;
  const devices = console.people;
  founded(world);
  roll.people = people;
  console.people = devices.map((entry, n) => ({ ...entry, presence: "absent", reason: null, device: n < 12 || n >= 95 ? entry.device : null }));
}

/** One of those without a device had one. */
export function revokedDevice(world: World): void {
  troubles(world);
  const lost = world.fixture.console.people.find((person) => person.id === "d035");
  if (lost) lost.revoked = "Mất máy, báo lúc 08:05";
}

/** A log of the morning. */
export function logged(world: World): void {
  troubles(world);
  world.onQuery = lookUp(makeLog(world.fixture, Date.now()));
}

export function rehearsing(world: World): void {
  troubles(world);
  world.fixture.council.rehearsing = "hanoi.rehearsal";
}

/** The page inside a rehearsal. */
export function rehearsed(world: World): void {
  troubles(world);
  world.fixture.council.rehearsal = true;
}

async function editRules(page: Page): Promise<void> {
  await page.locator("[data-rule=two_thirds_of_all] [data-edit]").click();
  await page.locator("[id='majorities.1.numerator']").fill("3");
  await page.locator("[id='majorities.1.denominator']").fill("4");
  await page.locator("[id='ballot_seconds']").fill("90");
}

export const adminStates: Record<string, State> = {
  start: administrator({ before: founded }),
  "start-devices": administrator({ before: equipping }),
  "start-done": administrator({ suffix: "#start" }),
  rules: administrator({ suffix: "#rules" }),
  "rules-edited": administrator({ suffix: "#rules", after: editRules }),
  "rules-wrong": administrator({
    suffix: "#rules",
    after: async (page) => {
      await editRules(page);
      await page.locator("[id='majorities.1.numerator']").fill("9");
      await page.locator("[id='speaking.speak']").fill("4");
    },
  }),
  "rules-read": { person: CHAIR, before: troubles, suffix: "#rules" },
  audit: secretary({ suffix: "#audit", before: logged }),
  "audit-person": secretary({ suffix: "#audit/of/d042", before: logged }),
  "audit-find": secretary({
    suffix: "#audit",
    before: logged,
    after: async (page) => {
      await page.locator(".personfilter input").fill("minh");
    },
  }),
  "audit-entry": secretary({
    suffix: "#audit/414",
    before: logged,
    after: async (page) => {
      await page.locator("[data-line]").waitFor();
    },
  }),
  "audit-vote": secretary({
    suffix: "#audit/411",
    before: logged,
    after: async (page) => {
      await page.locator(".entry .facts").waitFor();
    },
  }),
  "audit-empty": secretary({ suffix: "#audit" }),
  "audit-failed": secretary({
    suffix: "#audit",
    before: (world) => {
      troubles(world);
      world.onQuery = () => ({ refuse: "store_unavailable" });
    },
  }),
  rehearsal: administrator({ suffix: "#rehearsal" }),
  "rehearsal-on": administrator({ suffix: "#rehearsal", before: rehearsing }),
  "rehearsal-inside": administrator({ suffix: "#devices", before: rehearsed }),
  "end-mandate": administrator({
    suffix: "#devices",
    after: async (page) => {
      await page.locator("[data-act=more-d007]").click();
      await page.locator("[data-act=end-mandate]").click();
    },
  }),
  "devices-revoked": secretary({ before: revokedDevice }),
  devices: secretary({}),
  search: secretary({
    after: async (page) => {
      await page.locator("input[type=search]").fill("hương");
    },
  }),
  empty: administrator({
    after: async (page, world) => {
      world.me(ADMINISTRATOR);
      world.fixture.roll.people = [];
      world.fixture.console.people = [];
      world.publish();
      await page.locator(".plain").waitFor();
    },
  }),
  code: secretary({
    after: async (page) => {
      await page.locator("[data-act=code-d035]").click();
      await page.locator(".onecode").waitFor();
    },
  }),
  "code-hidden": secretary({
    after: async (page) => {
      await page.locator("[data-act=code-d040]").click();
      await page.locator("dialog[open]").waitFor();
    },
  }),
  manage: secretary({
    after: async (page) => {
      await page.locator("[data-act=more-d007]").click();
      await page.locator("dialog[open]").waitFor();
    },
  }),
  revoke: secretary({
    after: async (page) => {
      await page.locator("[data-act=more-d007]").click();
      await page.locator("[data-act=revoke]").click();
      await page.locator("[data-act=revoke-do]").click();
    },
  }),
  "roster-secretary": secretary({ suffix: "#roster" }),
  roster: administrator({ suffix: "#roster" }),
  "roster-checked": administrator({ suffix: "#roster", after: (page, world) => checkRoster(page, world, []) }),
  "roster-problems": administrator({ suffix: "#roster", after: (page, world) => checkRoster(page, world, PROBLEMS) }),
  councils: administrator({ suffix: "#councils", before: councils }),
  "councils-wrong": administrator({
    suffix: "#councils",
    before: councils,
    after: async (page) => {
      await page.locator("[data-act=found]").click();
    },
  }),
  "not-allowed": { person: "d042" },
};
