// The agenda as a tree: what is shown of it, and where an item may be put. The views list it in reading order, each item
// before those under it, so a place is told by the item above (`parent`) and the one that comes after (`before`).

import type { ItemView } from "@dienhong/web-shared/wire.ts";

/** Where `move_item` and `add_items` put something; `before: null` is last under `parent`. */
export interface Place {
  parent: string | null;
  before: string | null;
}

export interface TreeRow {
  item: ItemView;
  /** 0 stands at the top. */
  depth: number;
  /** Items anywhere under it. */
  below: number;
}

type Item = Pick<ItemView, "id" | "parent">;

/** The rows in reading order, without those under a collapsed item. */
export function treeRows(agenda: readonly ItemView[], collapsed: ReadonlySet<string>): TreeRow[] {
  const depths = new Map<string, number>();
  const hidden = new Set<string>();
  const rows: TreeRow[] = [];
  for (const item of agenda) {
    const depth = item.parent === null ? 0 : (depths.get(item.parent) ?? -1) + 1;
    depths.set(item.id, depth);
    const inside = item.parent !== null && (hidden.has(item.parent) || collapsed.has(item.parent));
    if (inside) hidden.add(item.id);
    else rows.push({ item, depth, below: subtree(agenda, item.id).size - 1 });
  }
  return rows;
}

/** The item and everything under it. */
export function subtree(agenda: readonly Item[], id: string): Set<string> {
  const found = new Set([id]);
  for (const item of agenda) if (item.parent !== null && found.has(item.parent)) found.add(item.id);
  return found;
}

export type Step = "up" | "down" | "in" | "out";

/** One step by keyboard; `null` where there is nowhere to go. */
export function stepPlace(agenda: readonly Item[], id: string, step: Step): Place | null {
  const item = agenda.find((candidate) => candidate.id === id);
  if (!item) return null;
  const siblings = under(agenda, item.parent);
  const at = siblings.findIndex((candidate) => candidate.id === id);
  const above = siblings[at - 1];
  switch (step) {
    case "up":
      return above ? { parent: item.parent, before: above.id } : null;
    case "down":
      return siblings[at + 1] ? { parent: item.parent, before: siblings[at + 2]?.id ?? null } : null;
    case "in":
      return above ? { parent: above.id, before: null } : null;
    case "out":
      return item.parent === null ? null : placeAfter(agenda, item.parent);
  }
}

/** Directly after an item and all that stands under it. */
export function placeAfter(agenda: readonly Item[], id: string): Place {
  const parent = agenda.find((candidate) => candidate.id === id)?.parent ?? null;
  const siblings = under(agenda, parent);
  return { parent, before: siblings[siblings.findIndex((candidate) => candidate.id === id) + 1]?.id ?? null };
}

export type Zone = "before" | "after" | "into";

/** Where something dragged onto a row lands; `null` onto itself, into itself, or where it stands already. */
export function dropPlace(agenda: readonly Item[], dragged: string, target: string, zone: Zone): Place | null {
  if (subtree(agenda, dragged).has(target)) return null;
  const rest = agenda.filter((candidate) => candidate.id !== dragged);
  const parent = agenda.find((candidate) => candidate.id === target)?.parent ?? null;
  const place: Place =
    zone === "into" ? { parent: target, before: null } : zone === "before" ? { parent, before: target } : placeAfter(rest, target);
  const now = placeAfter(agenda, dragged);
  return place.parent === now.parent && place.before === now.before ? null : place;
}

/** The number an item added last under `parent` would have in the papers' own way of counting. */
export function nextNumber(agenda: readonly ItemView[], parent: string | null): string {
  const siblings = under(agenda, parent);
  const above = parent === null ? "" : `${agenda.find((item) => item.id === parent)?.number ?? ""}.`;
  const taken = new Set(agenda.map((item) => item.number));
  const counted = siblings.map((item) => Number(/(\d+)\D*$/.exec(item.number)?.[1] ?? 0));
  let next = Math.max(0, siblings.length, ...counted) + 1;
  while (taken.has(above + next)) next++;
  return above + next;
}

function under<T extends Item>(agenda: readonly T[], parent: string | null): T[] {
  return agenda.filter((candidate) => candidate.parent === parent);
}
