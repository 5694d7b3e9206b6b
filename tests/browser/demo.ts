// The demonstration as the program starts it: a sample council whose simulated delegates check in, vote and ask to speak, and
// an address with a one-time code for everybody whom a page here plays.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { BINARY } from "./built.ts";

/** What the demonstration calls the places it leaves free; the two that are for nobody in particular come last. */
export type Part =
  | "Chair"
  | "Secretary"
  | "Administrator"
  | "Scrutineer"
  | "Official"
  | "Guest"
  | "Press"
  | "Delegate"
  | "Wall"
  | "Public results";

interface Place {
  part: Part;
  name: string;
  link: string;
}

/** Said last: everything before it has been printed. */
const READY = "Stop: Ctrl-C.";

export class Demo {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly council: string;
  readonly #process: ChildProcess;
  readonly #places: readonly Place[];

  static async start(...options: string[]): Promise<Demo> {
    const process = spawn(BINARY, ["demo", "--listen", "127.0.0.1:0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    // Reads on for as long as it writes: a program that nobody listens to would stand still.
    await new Promise<void>((ready, failed) => {
      process.once("exit", () => failed(new Error(`the demonstration ended: ${said}`)));
      process.stdout!.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(READY)) ready();
      });
    });
    return new Demo(process, placesIn(said));
  }

  private constructor(process: ChildProcess, places: readonly Place[]) {
    this.#process = process;
    this.#places = places;
    const { origin, pathname } = new URL(this.link("Wall"));
    this.url = origin;
    this.council = pathname.split("/")[2]!;
  }

  page(path: string): string {
    return `${this.url}/c/${this.council}/${path}`;
  }

  /** The address of this part; of several who have it, the first unless said otherwise. */
  link(part: Part, n = 0): string {
    return this.#place(part, n).link;
  }

  nameOf(part: Part, n = 0): string {
    return this.#place(part, n).name;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await gone;
  }

  #place(part: Part, n: number): Place {
    const place = this.#places.filter((one) => one.part === part)[n];
    if (!place) throw new Error(`the demonstration left no place ${n + 1} for ${part}`);
    return place;
  }
}

/** `Chủ tọa · Chair        Name, ghế/seat 1`, and below it the address. */
function placesIn(said: string): Place[] {
  const rows = said.matchAll(/^ {2}\S[^\n]*? · ([A-Z][a-z]+(?: [a-z]+)?) *([^\n]*)\n +(http:\S+)/gm);
  return [...rows].map(([, part, who, link]) => ({ part: part as Part, name: who!.replace(/, ghế\/seat.*/, ""), link: link! }));
}
