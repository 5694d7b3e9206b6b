// Where one is on the page, as its address says it: `#rules`, `#audit/412` (one entry), `#audit/of/d007` (one person's).

export const SECTIONS = ["start", "rules", "people", "devices", "rehearsal", "audit", "councils"] as const;
export type Section = (typeof SECTIONS)[number];

export interface Place {
  section: Section;
  /** The audit log's entry that is opened. */
  entry: number | null;
  /** The person the audit log is about. */
  person: string | null;
}

/** Links made before the roster was called people. */
const FORMER: Record<string, Section> = { roster: "people" };

export function at(section: Section): Place {
  return { section, entry: null, person: null };
}

/** `null`: the address names no section. */
export function placeFrom(hash: string): Place | null {
  const [name = "", first, second] = hash.replace(/^#/, "").split("/");
  const section = SECTIONS.find((known) => known === name) ?? FORMER[name];
  if (!section) return null;
  if (section !== "audit" || first === undefined) return at(section);
  if (first === "of" && second) return { section, entry: null, person: second };
  return /^\d{1,15}$/.test(first) ? { section, entry: Number(first), person: null } : at(section);
}

export const entryAddress = (seq: number): string => `#audit/${seq}`;
export const personAddress = (person: string): string => `#audit/of/${person}`;
