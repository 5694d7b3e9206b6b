// What officers do to the agenda. Where an item is moved, removed or added the list says so aloud as well.

import type { Order } from "@dienhong/web-shared/record/order.ts";
import type { ItemView, NewItem } from "@dienhong/web-shared/wire.ts";
import type { Desk } from "./desk.svelte.ts";
import { nextNumber, stepPlace, subtree, type Place, type Step } from "./logic/agenda-tree.ts";
import { batches } from "./logic/batches.ts";
import { t } from "./words.ts";

export class AgendaActs {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get items(): readonly ItemView[] {
    return this.#desk.session.council?.agenda ?? [];
  }

  item(id: string): ItemView | null {
    return this.items.find((candidate) => candidate.id === id) ?? null;
  }

  async go(id: string): Promise<boolean> {
    const number = this.item(id)?.number ?? "";
    return this.#desk.acts.run("agenda", `go:${id}`, { order: "start_item", target: id }, t("toast_item", { number }));
  }

  async finish(id: string): Promise<boolean> {
    const number = this.item(id)?.number ?? "";
    return this.#desk.acts.run("agenda", `finish:${id}`, { order: "finish_item", target: id }, t("toast_finished", { number }));
  }

  async step(id: string, step: Step): Promise<boolean> {
    const place = stepPlace(this.items, id, step);
    if (place) return this.move(id, place);
    this.#desk.said = t("moved_nowhere", { number: this.item(id)?.number ?? "" });
    return false;
  }

  async move(id: string, place: Place): Promise<boolean> {
    const order = { order: "move_item", target: id, parent: place.parent, before: place.before } as const;
    const taken = await this.#desk.acts.run("agenda", `move:${id}`, order);
    if (taken) this.#desk.said = this.#placeText(id, place);
    return taken;
  }

  async remove(id: string): Promise<boolean> {
    const number = this.item(id)?.number ?? "";
    const taken = await this.#desk.acts.run("agenda", `remove:${id}`, { order: "remove_item", target: id }, t("toast_removed", { number }));
    if (taken) this.#desk.said = t("toast_removed", { number });
    return taken;
  }

  /** Items that go with it when it is removed. */
  below(id: string): number {
    return subtree(this.items, id).size - 1;
  }

  async change(id: string, to: NewItem): Promise<boolean> {
    return this.#desk.acts.run("agenda", "item", { order: "change_item", target: id, to }, t("toast_changed", { number: to.number }));
  }

  async add(item: NewItem, place: Place): Promise<boolean> {
    const order: Order = { order: "add_items", items: [item], parent: place.parent, before: place.before };
    return this.#desk.acts.run("agenda", "item", order, t("toast_added", { number: item.number }));
  }

  async import(items: readonly NewItem[]): Promise<boolean> {
    const orders = batches(items).map((batch) => ({ order: "add_items", items: batch }) as const);
    return this.#desk.acts.run("setup", "items", orders, t("toast_agenda", { n: items.length }));
  }

  // --- What was not planned

  /** Why nothing can be taken up at once now; `null` where it can. */
  get adhocOff(): string | null {
    const { situation, presidingOff, nextOff, rights } = this.#desk;
    if (presidingOff !== null) return this.#desk.offText(presidingOff);
    if (!rights.prepare) return t("off_not_yours");
    if (situation.stage !== "item" && situation.stage !== "no_item") return t("off_no_sitting");
    return nextOff === null || nextOff === "no_next" ? null : this.#desk.offText(nextOff);
  }

  /** What the form holds when it opens. */
  adhoc(): { number: string; title: string } {
    const number = nextNumber(this.items, this.#place().parent);
    return { number, title: t("adhoc_title", { number }) };
  }

  /** Before what would have come next, and begun at once. */
  async addAndStart(item: NewItem): Promise<boolean> {
    const { parent, before } = this.#place();
    const order: Order = { order: "add_items", items: [item], parent, before, start: true };
    return this.#desk.acts.run("agenda", "adhoc", order, t("toast_item", { number: item.number }));
  }

  #place(): Place {
    const next = this.#desk.situation.next;
    return { parent: next?.parent ?? null, before: next?.id ?? null };
  }

  #placeText(id: string, { parent, before }: Place): string {
    const number = this.item(id)?.number ?? "";
    const above = parent === null ? null : (this.item(parent)?.number ?? "");
    if (before !== null) return t("moved_before", { number, before: this.item(before)?.number ?? "" });
    return above === null ? t("moved_last", { number }) : t("moved_under", { number, parent: above });
  }
}
