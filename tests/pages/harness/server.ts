// A server that serves the built pages at their production paths and speaks docs/protocol.md from fixture views. It takes
// votes and orders into a small signed record, so that what pages check is real; what it decides is up to each test.

import { parseNote } from "@dienhong/web-shared/record/note.ts";
import { parseStatement, type OrderStatement, type Vote } from "@dienhong/web-shared/record/statement.ts";
import type { ClientFrame, EnrolRequest, Found, LookRequest, MeView, Page, Query, ServerFrame, View, Reply } from "@dienhong/web-shared/wire.ts";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, resolve, sep } from "node:path";
import { WebSocketServer, type WebSocket } from "ws";
import { makeFixture, personOf, type Fixture } from "../fixtures.ts";
import { MockRecord } from "./record.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const COUNCIL = "hanoi";
const ORIGIN = "chamber.example/hanoi";

/** As the production server sends it. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGES: Record<string, string> = {
  delegate: "delegate-client/dist/delegate.html",
  chair: "delegate-client/dist/chair.html",
  admin: "delegate-client/dist/admin.html",
  wall: "chamber-display/dist/wall.html",
  results: "chamber-display/dist/results.html",
  verify: "chamber-display/dist/verify.html",
};

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
};

/** `reply`: answered with `done`, as orders that write nothing in the record are. */
export type Verdict = "take" | "ignore" | { refuse: string; retry?: boolean } | { reply: Reply };
/** Whose device a browser holds: in a rehearsal, the council's, and not the rehearsal's own. */
export type Home = { council: string; origin: string; vkey: string };
type Joined = { socket: WebSocket; page: Page; person: string | null };

export class World {
  /** Asked for each vote and order; the default takes everything. */
  onVote: (vote: Vote) => Verdict = () => "take";
  onOrder: (order: OrderStatement, args: unknown) => Verdict = () => "take";
  /** Asked for each look-up; the default has an empty audit log and knows no sitting. */
  onQuery: (query: Query) => Found | { refuse: string } = (query) =>
    query.query === "audit" ? { found: "audit", entries: [], next: null } : { refuse: "unknown_sitting" };
  onLook: (code: string) => { person: string } | { refuse: string } = () => ({ person: "d042" });
  /** False: new connections are cut, as if the line were down. */
  reachable = true;
  /** Receipts whose entry says something else than what was signed. */
  forgeReceipts = false;
  /** Added to the size of every view. */
  sizeOffset = 0;
  /** Further GET answers by path, such as `/c/hanoi/api/results`. */
  readonly json = new Map<string, unknown>();
  readonly votes: Vote[] = [];
  readonly orders: { order: OrderStatement; args: unknown }[] = [];

  readonly #joined = new Set<Joined>();
  readonly #me = new Map<string, MeView>();
  readonly #receipts = new Map<string, number>();

  private constructor(
    readonly fixture: Fixture,
    readonly record: MockRecord,
    readonly http: Server,
    readonly url: string,
    readonly home: Home,
  ) {}

  static async start(): Promise<World> {
    const record = await MockRecord.create(ORIGIN, 412);
    return World.of(record, { council: COUNCIL, origin: ORIGIN, vkey: record.vkey });
  }

  /** The council's rehearsal, entered with the council's devices. */
  static async rehearsal(): Promise<World> {
    const council = await MockRecord.create(ORIGIN, 1);
    const world = await World.of(await MockRecord.create(`${ORIGIN}/rehearsal`, 412), { council: COUNCIL, origin: ORIGIN, vkey: council.vkey });
    Object.assign(world.fixture.council, { id: `${COUNCIL}.rehearsal`, rehearsal: true });
    return world;
  }

  private static async of(record: MockRecord, home: Home): Promise<World> {
    const fixture = await makeFixture(Date.now(), record.vkey, record.origin);
    const http = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    const world = new World(fixture, record, http, `http://localhost:${(http.address() as AddressInfo).port}`, home);
    http.on("request", (request, response) => void world.#answer(request, response));
    http.on("upgrade", (request, socket, head) => {
      if (!world.reachable || request.url !== `/c/${world.council}/ws`) return socket.destroy();
      sockets.handleUpgrade(request, socket, head, (ws) => world.#welcome(ws));
    });
    return world;
  }

  get council(): string {
    return this.fixture.council.id;
  }

  get origin(): string {
    return this.record.origin;
  }

  me(person: string): MeView {
    const known = this.#me.get(person);
    if (known) return known;
    const me: MeView = {
      person: personOf(this.fixture.roll, person),
      device: `dev-${person}`,
      presence: "present",
      present_since: this.fixture.live.sitting ? this.fixture.live.sitting.opened_at - 1_080_000 : null,
      vote: null,
      next_turn: 1,
      nudged_at: null,
    };
    this.#me.set(person, me);
    return me;
  }

  setMe(person: string, change: Partial<MeView>): void {
    this.#me.set(person, { ...this.me(person), ...change });
  }

  /** Sends every topic again to every page. */
  publish(): void {
    for (const joined of this.#joined) this.#sendViews(joined);
  }

  /** Ends every connection; with `reachable = false` they stay away. */
  cut(code?: number): void {
    for (const { socket } of this.#joined) {
      if (code) socket.close(code);
      else socket.terminate();
    }
    this.#joined.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  #welcome(socket: WebSocket): void {
    const send = (frame: ServerFrame): void => socket.send(JSON.stringify(frame));
    const joined: Joined = { socket, page: "public", person: null };
    socket.on("close", () => this.#joined.delete(joined));
    socket.on("message", (data) => void this.#received(joined, JSON.parse(String(data)) as ClientFrame, send));
    send({ type: "challenge", protocol: 1, log: this.origin, challenge: randomBytes(32).toString("base64"), server_time: Date.now() });
  }

  async #received(joined: Joined, frame: ClientFrame, send: (frame: ServerFrame) => void): Promise<void> {
    switch (frame.type) {
      case "join": {
        const login = frame.statement ? parseStatement(parseNote(frame.statement).text) : null;
        joined.page = frame.page;
        joined.person = login?.kind === "login" ? login.person : null;
        this.#joined.add(joined);
        send({ type: "joined", page: joined.page, person: joined.person });
        this.#sendViews(joined);
        return;
      }
      case "ping":
        return send({ type: "pong", at: frame.at, server_time: Date.now() });
      case "cast_vote": {
        const vote = parseStatement(parseNote(frame.statement).text);
        if (vote.kind !== "vote") return;
        return this.#settle(frame.id, frame.statement, this.onVote(vote), send, () => this.#cast(vote, frame.statement));
      }
      case "query": {
        const found = this.onQuery(frame.query);
        if ("refuse" in found) return send({ type: "refused", id: frame.id, code: found.refuse, retry: false });
        return send({ type: "found", id: frame.id, found });
      }
      case "order": {
        const order = parseStatement(parseNote(frame.statement).text);
        if (order.kind !== "order") return;
        const args: unknown = JSON.parse(frame.arguments);
        return this.#settle(frame.id, frame.statement, this.onOrder(order, args), send, () => this.#ordered(order, args, frame.statement));
      }
      case "query": {
        const found = this.onQuery(frame.query);
        if ("refuse" in found) return send({ type: "refused", id: frame.id, code: found.refuse, retry: false });
        return send({ type: "found", id: frame.id, found });
      }
    }
  }

  async #settle(
    id: string,
    statement: string,
    verdict: Verdict,
    send: (frame: ServerFrame) => void,
    take: () => Promise<number>,
  ): Promise<void> {
    const before = this.#receipts.get(statement);
    if (before !== undefined) return send({ type: "receipt", id, receipt: await this.record.receipt(before) });
    if (verdict === "ignore") return;
    if (typeof verdict === "object" && "reply" in verdict) {
      send({ type: "done", id, reply: verdict.reply });
      return this.publish();
    }
    if (verdict !== "take") return send({ type: "refused", id, code: verdict.refuse, retry: verdict.retry ?? false });
    const seq = await take();
    this.#receipts.set(statement, seq);
    const receipt = await this.record.receipt(seq);
    if (this.forgeReceipts) receipt.entry = receipt.entry.replace("choice yes", "choice no");
    send({ type: "receipt", id, receipt });
    if (!this.forgeReceipts) this.publish();
  }

  async #cast(vote: Vote, statement: string): Promise<number> {
    this.votes.push(vote);
    const at = Date.now();
    const { seq } = await this.record.append(at, "vote_cast", { ballot: vote.ballot, person: vote.person, statement });
    const short = await this.record.short(seq);
    this.setMe(vote.person, {
      vote: { ballot: vote.ballot, answer: vote.choice, more: [...(vote.more ?? [])], turn: vote.turn, seq, at, short },
      next_turn: vote.turn + 1,
    });
    return seq;
  }

  async #ordered(order: OrderStatement, args: unknown, statement: string): Promise<number> {
    this.orders.push({ order, args });
    const at = Date.now();
    if (order.order === "check_in") this.setMe(order.target, { presence: "present", present_since: at });
    const { seq } = await this.record.append(at, order.order, { statement, arguments: JSON.stringify(args) });
    return seq;
  }

  #sendViews({ socket, page, person }: Joined): void {
    if (socket.readyState !== socket.OPEN) return;
    const { council, roll, live, seats, speaking, console } = this.fixture;
    const views: View[] = [
      { topic: "council", state: council },
      { topic: "roll", state: roll },
      { topic: "live", state: live },
      { topic: "seats", state: seats },
      { topic: "speaking", state: speaking },
    ];
    if (page === "chair" || page === "admin") views.push({ topic: "console", state: console });
    if (person) views.push({ topic: "me", state: this.me(person) });
    for (const view of views)
      socket.send(JSON.stringify({ type: "view", size: this.record.size + this.sizeOffset, ...view } satisfies ServerFrame));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const path = url.pathname;
    if (!this.reachable && path.includes("/api/")) return void request.socket.destroy();
    if (request.method === "POST") return this.#post(path, JSON.parse(await body(request)) as unknown, response);
    const view = /\/api\/view\/(council|roll|live|seats)$/.exec(path)?.[1] as "council" | undefined;
    if (view) return json(response, 200, { type: "view", size: this.record.size, topic: view, state: this.fixture[view] });
    if (this.json.has(path)) return json(response, 200, this.json.get(path));
    if (path === "/api/councils")
      return json(response, 200, [
        { id: this.council, name: this.fixture.council.name, short_name: this.fixture.council.short_name, origin: this.origin, sitting: true },
      ]);
    if (path === `/c/${this.council}/record/checkpoint`) return file(response, await this.record.checkpoint(), "text/plain; charset=utf-8");
    if (path === `/c/${this.council}/record/consistency`) {
      const [from, to] = [url.searchParams.get("from"), url.searchParams.get("to")].map(Number);
      return json(response, 200, { proof: await this.record.consistency(from!, to!) });
    }
    // Asked for by the browser itself where a plain answer was opened: no page's fault, at no particular time.
    if (path === "/favicon.ico") return void response.writeHead(204).end();
    const page = new RegExp(`^/c/${this.council}/([a-z]+)$`).exec(path)?.[1];
    if (path === "/") return serve(response, "chamber-display/dist/index.html");
    if (path === `/c/${this.council}` || path === `/c/${this.council}/`) return serve(response, "chamber-display/dist/council.html");
    if (page && PAGES[page]) return serve(response, PAGES[page]);
    const asset = /^\/app\/(delegate-client|chamber-display)\/(.+)$/.exec(path);
    if (asset) return serve(response, join(asset[1]!, "dist", asset[2]!));
    return problem(response, 404, "not_found");
  }

  async #post(path: string, sent: unknown, response: ServerResponse): Promise<void> {
    if (path === `/c/${this.council}/api/enrol/look`) {
      const looked = this.onLook((sent as LookRequest).code);
      if ("refuse" in looked) return problem(response, 403, looked.refuse);
      const person = personOf(this.fixture.roll, looked.person);
      return json(response, 200, {
        origin: this.origin,
        council_name: this.fixture.council.name,
        vkey: this.record.vkey,
        person,
        replaces_device: false,
      });
    }
    if (path === `/c/${this.council}/api/enrol`) {
      const { statement } = sent as EnrolRequest;
      const enrolment = parseStatement(parseNote(statement).text);
      if (enrolment.kind !== "enrol") return problem(response, 400, "bad_statement");
      const receipt = await this.record.append(Date.now(), "device_bound", { person: enrolment.person, statement });
      return json(response, 200, { person: personOf(this.fixture.roll, enrolment.person), device: `dev-${enrolment.person}`, receipt });
    }
    return problem(response, 404, "not_found");
  }
}

async function body(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function problem(response: ServerResponse, status: number, code: string): void {
  json(response, status, { type: `about:blank#${code}`, title: code, status, code, detail: code });
}

function file(response: ServerResponse, content: string | Buffer, type: string): void {
  response.writeHead(200, { "content-type": type, "content-security-policy": CSP }).end(content);
}

function serve(response: ServerResponse, path: string): void {
  const full = normalize(join(ROOT, path));
  if (!full.startsWith(ROOT + sep) || !existsSync(full) || !statSync(full).isFile()) return problem(response, 404, "not_found");
  file(response, readFileSync(full), TYPES[extname(full)] ?? "application/octet-stream");
}
