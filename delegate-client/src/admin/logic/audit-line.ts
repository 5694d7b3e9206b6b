// An entry of the record as a sentence.

import { clockTime, date, duration } from "@dienhong/web-shared/format.ts";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import { common } from "@dienhong/web-shared/words/common.ts";
import type { AuditEntry } from "@dienhong/web-shared/wire.ts";
import { events } from "../words/events.ts";
import { values } from "../words/values.ts";

type Fields = AuditEntry["fields"];

/** A kind from a newer server has no words yet: it is named, and its fields follow. */
export function sentence(entry: Pick<AuditEntry, "kind" | "fields">): string {
  const { kind, fields } = entry;
  const text = events.maybe(kind);
  if (text !== undefined) return fill(text, fields);
  const rest = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return [kind, ...rest].join(" · ");
}

/** Where a sentence needs a field that is missing it says `–`; a part in square brackets is then left out. */
function fill(text: string, fields: Fields): string {
  return text.replace(/\[([^\]]*)\]|\{([\w.]+)\}/g, (_, part: string | undefined, name: string | undefined) => {
    if (name !== undefined) return inWords(name, fields) ?? "–";
    const needed = [...(part ?? "").matchAll(/\{([\w.]+)\}/g)].map((match) => match[1] ?? "");
    return needed.every((field) => inWords(field, fields) !== null) ? fill(part ?? "", fields) : "";
  });
}

/** A field's value as people say it; a name rather than an id. */
function inWords(name: string, fields: Fields): string | null {
  const value = fields[`${name}_name`] ?? fields[name];
  if (value === undefined || value === "") return null;
  const field = name.split(".").at(-1) ?? name;
  switch (field) {
    case "planned_at":
    case "closes_at":
    case "until":
      return moment(value);
    case "seconds":
      return length(Number(value));
    case "spent_ms":
      return duration(Number(value));
    case "speech_kind":
      return lowered(common.maybe(`kind_${value}`) ?? value);
    case "offices":
      return value.split(", ").map((office) => lowered(common.maybe(office) ?? office)).join(", ");
    case "verdict":
    case "casting":
    case "answer":
      return lowered(common.maybe(value) ?? value);
    case "answers":
      return counts(value);
    default:
      return values.maybe(`${field}_${value}`) ?? value;
  }
}

function length(seconds: number): string {
  if (seconds === 0) return values("no_limit");
  return seconds % 60 === 0 ? values("minutes", { n: seconds / 60 }) : values("seconds", { n: seconds });
}

/** Milliseconds of the server's clock as date and time; a calendar date as the language writes it. */
function moment(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(new Date(`${value}T00:00:00`).getTime(), lang.current);
  const at = Number(value);
  return Number.isFinite(at) ? `${clockTime(at)} ${date(at, lang.current)}` : value;
}

/** `yes 84; no 3; abstain 2` with the answers' words. */
function counts(value: string): string {
  return value
    .split("; ")
    .map((part) => {
      const [answer = "", figure = ""] = part.split(" ");
      return `${lowered(common.maybe(answer) ?? answer)} ${figure}`.trim();
    })
    .join(", ");
}

function lowered(text: string): string {
  return text.charAt(0).toLocaleLowerCase(lang.current) + text.slice(1);
}

/** The exact line as one reads JSON. A line is always JSON; what is not is shown as it came. */
export function pretty(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line), null, 2);
  } catch {
    return line;
  }
}

/** First four hex digits of the leaf hash: what two people can compare by word of mouth. */
export const shortCode = (leaf: string): string => leaf.slice(0, 4).toUpperCase();
