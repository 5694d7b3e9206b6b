// The hall's walls: what each shows, which of them the buttons act on, what is being looked at before it is shown.

import type { WallPicture } from "@dienhong/web-shared/components/WallMini.svelte";
import type { CardView, NamedWallView, WallMode, WallView } from "@dienhong/web-shared/wire.ts";
import type { Desk } from "../desk.svelte.ts";
import { nothingToShow, wallAfter, wallNow, wallWith, type NextAct } from "../logic/wall-preview.ts";
import { t } from "../words.ts";

/** One wall as the strip lists it. */
export interface WallLine {
  /** `null`: the main wall. */
  id: string | null;
  name: string;
  shown: WallView;
  /** It shows what the main wall shows. */
  follows: boolean;
}

export interface Preview {
  mode: WallMode;
  card: CardView | null;
}

export type WallDialog = "title" | "countdown" | "ticker" | "walls";

export class Walls {
  readonly desk: Desk;
  dialog = $state.raw<WallDialog | null>(null);
  preview = $state.raw<Preview | null>(null);
  #target = $state<string | null>(null);

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** The main wall first. */
  lines: WallLine[] = $derived.by(() => {
    const live = this.desk.session.live;
    if (!live) return [];
    const others = live.walls.map((wall: NamedWallView) => ({ id: wall.id, name: wall.name, shown: wall.own ?? live.wall, follows: wall.own === null }));
    return [{ id: null, name: t("wall_main"), shown: live.wall, follows: false }, ...others];
  });

  /** The wall the buttons act on. One that was removed falls back to the main one. */
  target: WallLine | null = $derived.by(() => this.lines.find((line) => line.id === this.#target) ?? this.lines[0] ?? null);

  now: WallPicture | null = $derived.by(() => {
    const { council, live, speaking } = this.desk.session;
    return council && live ? wallNow(council, live, this.desk.leftMs, { speaking, now: this.desk.now }) : null;
  });

  after: { act: NextAct; picture: WallPicture } | null = $derived.by(() =>
    this.now ? wallAfter(this.now, this.desk.situation, this.desk.seconds, this.desk.entitled?.present) : null,
  );

  aim(wall: string | null): void {
    this.#target = wall;
    this.preview = null;
  }

  pictureOf(line: WallLine): WallPicture | null {
    return this.pictured(line.shown);
  }

  pictured({ mode, card }: Preview): WallPicture | null {
    return this.now && wallWith(this.now, mode, card, this.desk.now);
  }

  /** One reason for every button of the strip, in words. */
  get allOff(): string | null {
    const { desk } = this;
    if (desk.wallOff !== null) return t(`off_${desk.wallOff}`);
    return desk.situation.stage === "no_session" ? t("off_no_sitting") : null;
  }

  /** Why a mode cannot be shown; empty where the line above says it for all. */
  off(mode: WallMode): string | null {
    if (this.allOff !== null) return "";
    if (this.isOn(mode)) return t("wall_on");
    const { session, situation } = this.desk;
    const nothing = nothingToShow(mode, situation, session.live, session.speaking);
    return nothing === null ? null : t(`wall_${nothing}`);
  }

  /** The wall aimed at shows this mode of its own; words of a card may always be changed. */
  isOn(mode: WallMode): boolean {
    return this.target?.shown.mode === mode && !this.target.follows && mode !== "title" && mode !== "countdown";
  }

  /** The first tap looks at it, the second one on the same button shows it. */
  async look(mode: WallMode, what: string): Promise<void> {
    if (this.preview?.mode === mode) await this.show(mode, null, what);
    else this.preview = { mode, card: null };
  }

  async show(mode: WallMode, card: CardView | null, what: string): Promise<boolean> {
    const wall = this.target?.id ?? null;
    const order = { order: "show_on_wall", mode, ...(wall === null ? {} : { target: wall }), card } as const;
    const where = wall === null ? what : `${what} · ${this.target?.name ?? ""}`;
    const taken = await this.desk.acts.run("wall", `wall:${mode}`, order, t("wall_done", { what: where }));
    if (taken) this.preview = null;
    return taken;
  }

  async follow(wall: string): Promise<boolean> {
    return this.desk.acts.run("wall", `follow:${wall}`, { order: "follow_main", target: wall });
  }

  async add(name: string): Promise<boolean> {
    return this.desk.acts.run("wall", "wall:add", { order: "add_wall", name }, t("wall_added", { name }));
  }

  async remove(wall: string, name: string): Promise<boolean> {
    return this.desk.acts.run("wall", `remove:${wall}`, { order: "remove_wall", target: wall }, t("wall_removed", { name }));
  }

  /** `null` takes the line away. */
  async setTicker(text: string | null): Promise<boolean> {
    return this.desk.acts.run("wall", "ticker", { order: "set_ticker", text }, t(text === null ? "ticker_cleared" : "ticker_set"));
  }
}
