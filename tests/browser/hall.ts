// One council on one server: the real program on a data folder of its own, which can be killed and started again.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BINARY } from "./built.ts";
import { council, rosterCsv, SEATS, type Person } from "./people.ts";

const COUNCIL = "thu";
/** Longest time to wait for one command or for the server to listen, in milliseconds: a busy machine, a debug build. */
const COMMAND_MS = 60_000;

export interface HallOptions {
  preset?: "commune" | "generic";
  people?: Person[];
  /** Further options of `serve`. */
  serving?: readonly string[];
}

export class Hall {
  /** `http://127.0.0.1:PORT`, or with https, the same after a restart. */
  url = "";
  readonly council = COUNCIL;
  readonly people: Person[];
  /** One-time address for the administrator, from the founding. */
  adminLink = "";
  /** What the server wrote so far. */
  said = (): string => "";
  readonly #folder: string;
  readonly #serving: readonly string[];
  #server: ChildProcess | null = null;

  /** Founds the council, imports its roster and starts to serve. */
  static async open(options: HallOptions = {}): Promise<Hall> {
    const hall = new Hall(await mkdtemp(join(tmpdir(), "dienhong-browser-")), options);
    try {
      const link = await hall.#found(options.preset ?? "commune");
      await hall.#import();
      await hall.serve();
      hall.adminLink = hall.url + link;
      return hall;
    } catch (error) {
      await hall.remove();
      throw error;
    }
  }

  private constructor(folder: string, options: HallOptions) {
    this.#folder = folder;
    this.#serving = options.serving ?? [];
    this.people = options.people ?? council();
  }

  page(path: string): string {
    return `${this.url}/c/${this.council}/${path}`;
  }

  nameOf(id: string): string {
    const person = this.people.find((one) => one.id === id);
    if (!person) throw new Error(`nobody is called ${id}`);
    return person.name;
  }

  /** One-time address, made on the console beside the running server. */
  async enrolLink(person: string): Promise<string> {
    return linkIn(await this.#run(["enrol", "--council", COUNCIL, person, "--server", this.url]));
  }

  async serve(): Promise<void> {
    const listen = this.url === "" ? "127.0.0.1:0" : new URL(this.url).host;
    const options = ["--data", this.#data, "--listen", listen, ...this.#serving];
    const server = spawn(BINARY, ["serve", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    this.#server = server;
    this.said = collect(server);
    const address = new Promise<string>((found) => {
      createInterface({ input: server.stdout! }).on("line", (line) => {
        const [url] = /https?:\/\/\S+/.exec(line) ?? [];
        if (url) found(url);
      });
    });
    const gone = once(server, "exit").then(() => Promise.reject(new Error(`the server ended: ${this.said()}`)));
    // Only its failing before it listens is of interest here.
    gone.catch(() => undefined);
    this.url = await within(COMMAND_MS, "the server to listen", Promise.race([address, gone]));
  }

  /** As a power cut would: no warning, no clean-up. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server || server.exitCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  }

  /** Stops the server and removes everything it kept. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  async #found(preset: string): Promise<string> {
    const said = await this.#run([
      ...["init", "--id", COUNCIL, "--origin", `thu.example/${COUNCIL}`, "--preset", preset, "--seats", String(SEATS)],
      ...["--name", "Hội đồng nhân dân xã Thử", "--short-name", "HĐND xã Thử", "--administrator", "Lý Gia Mẫn"],
    ]);
    return linkIn(said);
  }

  async #import(): Promise<void> {
    const file = join(this.#folder, "people.csv");
    await writeFile(file, rosterCsv(this.people));
    await this.#run(["roster", "import", file, "--council", COUNCIL]);
  }

  async #run(args: string[]): Promise<string> {
    const child = spawn(BINARY, [...args, "--data", this.#data], { stdio: ["ignore", "pipe", "pipe"] });
    const said = collect(child);
    try {
      const [code] = (await within(COMMAND_MS, `dienhong ${args[0]}`, once(child, "close"))) as [number | null];
      if (code !== 0) throw new Error(`dienhong ${args.join(" ")} failed:\n${said()}`);
    } finally {
      child.kill("SIGKILL");
    }
    return said();
  }
}

/** The code at the end of a one-time address. */
export function codeIn(link: string): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get("enrol") ?? "";
}

function linkIn(text: string): string {
  const [link] = /\S*\/c\/\S+#enrol=\S+/.exec(text) ?? [];
  if (!link) throw new Error(`no one-time address in:\n${text}`);
  return link;
}

/** Everything a program wrote so far, its last 8,000 characters. */
function collect(child: ChildProcess): () => string {
  let text = "";
  const add = (chunk: Buffer): void => void (text = (text + chunk.toString()).slice(-8_000));
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return () => text;
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited ${ms / 1000} s for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
