// Keys for the acts a chair repeats all day. Nothing that destroys or undoes has a key.

export type ShortcutId = "open" | "close" | "hold" | "extend" | "confirm" | "announce" | "next" | "speaker" | "adhoc" | "search" | "lock" | "help";

export const SHORTCUTS: readonly { key: string; id: ShortcutId }[] = [
  { key: "b", id: "open" },
  { key: "k", id: "close" },
  { key: "h", id: "hold" },
  { key: "+", id: "extend" },
  { key: "x", id: "confirm" },
  { key: "c", id: "announce" },
  { key: "n", id: "next" },
  { key: "m", id: "speaker" },
  { key: "p", id: "adhoc" },
  { key: "/", id: "search" },
  { key: "l", id: "lock" },
  { key: "?", id: "help" },
];

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  isComposing: boolean;
  target: EventTarget | null;
}

/** The act a key asks for, or `null` when it is typing, held down, or belongs to the browser. */
export function shortcutFor(press: KeyPress): ShortcutId | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing) return null;
  if (isTyping(press.target)) return null;
  return SHORTCUTS.find((shortcut) => shortcut.key === press.key.toLowerCase())?.id ?? null;
}

/** A dialog owns the keyboard while it is open, and so does any field. */
function isTyping(target: EventTarget | null): boolean {
  if (!target || !("closest" in target)) return false;
  return (target as Element).closest("input, textarea, select, [contenteditable], dialog, [role=dialog]") !== null;
}
