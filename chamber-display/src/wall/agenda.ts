// Which part of the agenda a wall has room for. Pure.

import type { ItemView } from "@dienhong/web-shared/wire.ts";
import { depths, leaves } from "../schedule.ts";

export interface AgendaRow {
  item: ItemView;
  state: "done" | "now" | "next" | "later";
  /** 0 at the top; 2 for everything deeper, because a line has only so much room. */
  depth: number;
  /** Others stand under it. */
  heading: boolean;
}

export interface AgendaPage {
  rows: AgendaRow[];
  /** Of the items that are themselves taken; headings are not counted. */
  done: number;
  total: number;
  /** The same after the last row shown. */
  further: number;
}

/** The part that fits: what was just done, what is on, what comes; under the heading it belongs to. */
export function agendaPage(agenda: readonly ItemView[], current: string | null, room: number): AgendaPage {
  const taken = leaves(agenda);
  const depth = depths(agenda);
  const on = agenda.find((item) => item.id === current) ?? null;
  const at = on ? agenda.indexOf(on) : -1;
  const next = taken.find((item) => item.state === "upcoming" && agenda.indexOf(item) > at) ?? null;
  const row = (item: ItemView): AgendaRow => ({
    item,
    state: item === on ? "now" : item.state === "done" ? "done" : item === next ? "next" : "later",
    depth: Math.min(2, depth.get(item.id) ?? 0),
    heading: !taken.includes(item),
  });
  const focus = on ?? next;
  const start = Math.max(0, Math.min((focus ? agenda.indexOf(focus) : agenda.length) - 1, agenda.length - room));
  const shown = agenda.slice(start, start + room);
  const heading = headingOver(agenda, shown[0], focus);
  if (heading && shown.length >= room) {
    // Room for the heading: what was just done goes first, and only where there is none of it the last row.
    if (shown[0]?.state === "done" && shown[0] !== focus) shown.shift();
    else shown.pop();
  }
  const last = shown.at(-1);
  const beyond = last ? agenda.slice(agenda.indexOf(last) + 1) : [];
  return {
    rows: [...(heading ? [heading] : []), ...shown].map(row),
    done: taken.filter((item) => item.state === "done").length,
    total: taken.length,
    further: beyond.filter((item) => taken.includes(item)).length,
  };
}

/** The heading the focus stands under, where the rows begin after it. */
function headingOver(agenda: readonly ItemView[], first: ItemView | undefined, focus: ItemView | null): ItemView | null {
  const parent = agenda.find((item) => item.id === focus?.parent) ?? null;
  return parent && first && agenda.indexOf(parent) < agenda.indexOf(first) ? parent : null;
}
