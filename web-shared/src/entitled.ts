// Who votes on a question: everybody, or the delegates of some groups. Pure.

import type { Lang } from "./i18n.svelte.ts";
import type { PersonView, Presence, QuestionView } from "./wire.ts";

type Put = Pick<QuestionView, "groups">;

/** The groups a question is put to, as people read them; empty where everybody votes. The document has them in an order of its own. */
export function groupsOf(question: Put | null | undefined): string[] {
  return inReadingOrder(question?.groups ?? []);
}

/** Group names are compared as they stand. */
export function isEntitled(question: Put | null, person: Pick<PersonView, "seat" | "group">): boolean {
  const groups = question?.groups ?? [];
  return person.seat !== null && (groups.length === 0 || groups.includes(person.group));
}

/** Every group a delegate is of. */
export function groupsOnRoll(people: readonly Pick<PersonView, "seat" | "group">[]): string[] {
  return inReadingOrder([...new Set(people.filter(({ seat, group }) => seat !== null && group !== "").map(({ group }) => group))]);
}

/** How many of them there are, and are here: what a rule is worked out on. */
export function entitledFigures(
  question: Put | null,
  people: readonly PersonView[],
  presence: readonly { id: string; presence: Presence }[],
): { seats: number; in_office: number; present: number } {
  const here = new Set(presence.filter((entry) => entry.presence === "present").map(({ id }) => id));
  const entitled = people.filter((person) => isEntitled(question, person));
  return { seats: entitled.length, in_office: entitled.length, present: entitled.filter(({ id }) => here.has(id)).length };
}

/** Beyond so many a line on a wall or a tablet names the first and counts the rest. */
const NAMED = 3;

/** `Tổ 1, Tổ 2`; of many `Tổ 1, Tổ 2, Tổ 3 và 5 tổ khác`. */
export function groupsWords(groups: readonly string[], lang: Lang, named = NAMED): string {
  // One more takes no more room than saying so.
  const names = groups.map(unbroken);
  if (names.length <= named + 1) return names.join(", ");
  const rest = names.length - named;
  return `${names.slice(0, named).join(", ")} ${lang === "vi" ? `và ${rest} tổ khác` : `and ${rest} more`}`;
}

/** `Tổ 1` is not divided at a line's end; a long name has to be. */
function unbroken(name: string): string {
  return name.length <= SHORT ? name.replaceAll(" ", "\u00a0") : name;
}
const SHORT = 8;

const order = new Intl.Collator("vi", { numeric: true });

function inReadingOrder(groups: readonly string[]): string[] {
  return [...groups].sort(order.compare);
}
