// What an order to set the rules would change, one line each, so that it is read before it is signed.

import type { RuleView, RulesProfile } from "@dienhong/web-shared/wire.ts";
import type { SpeakingField } from "./rules-draft.ts";

export type RulesChange =
  | { what: "quorum"; from: RuleView; to: RuleView }
  | { what: "rule_added"; rule: RuleView }
  | { what: "rule_removed"; name: string; rule: RuleView }
  | { what: "rule_changed"; from: RuleView; to: RuleView }
  | { what: "rules_reordered" }
  | { what: "meaning"; key: string; from: string; to: string }
  | { what: "ballot_seconds"; from: number; to: number }
  | { what: "quorum_enforced" | "change_allowed" | "show_split"; from: boolean; to: boolean }
  | { what: "speaking"; field: SpeakingField; from: number; to: number };

const RULE_FIELDS = ["numerator", "denominator", "base", "constant", "strict", "tie"] as const;

export function sameRule(a: RuleView, b: RuleView): boolean {
  return RULE_FIELDS.every((field) => a[field] === b[field]);
}

export function rulesChanges(before: RulesProfile, after: RulesProfile): RulesChange[] {
  return [
    ...quorum(before, after),
    ...majorities(before, after),
    ...meanings(before, after),
    ...(before.ballot_seconds === after.ballot_seconds
      ? []
      : [{ what: "ballot_seconds" as const, from: before.ballot_seconds, to: after.ballot_seconds }]),
    ...switches(before, after, ["change_allowed", "show_split"]),
    ...speaking(before, after),
  ];
}

function quorum(before: RulesProfile, after: RulesProfile): RulesChange[] {
  const rule: RulesChange[] = sameRule(before.quorum, after.quorum) ? [] : [{ what: "quorum", from: before.quorum, to: after.quorum }];
  return [...rule, ...switches(before, after, ["quorum_enforced"])];
}

function majorities(before: RulesProfile, after: RulesProfile): RulesChange[] {
  const old = new Map(before.majorities.map(({ name, rule }) => [name, rule]));
  const kept = new Set(after.majorities.map(({ name }) => name));
  const changes: RulesChange[] = [];
  for (const { name, rule } of after.majorities) {
    const from = old.get(name);
    if (!from) changes.push({ what: "rule_added", rule });
    else if (!sameRule(from, rule)) changes.push({ what: "rule_changed", from, to: rule });
  }
  for (const { name, rule } of before.majorities) if (!kept.has(name)) changes.push({ what: "rule_removed", name, rule });
  const order = (profile: RulesProfile, other: { has(name: string): boolean }): string =>
    profile.majorities.map(({ name }) => name).filter((name) => other.has(name)).join(" ");
  if (order(before, kept) !== order(after, old)) changes.push({ what: "rules_reordered" });
  return changes;
}

function meanings(before: RulesProfile, after: RulesProfile): RulesChange[] {
  return after.answers.flatMap(({ key, meaning }) => {
    const from = before.answers.find((answer) => answer.key === key)?.meaning ?? "";
    return from === meaning ? [] : [{ what: "meaning" as const, key, from, to: meaning }];
  });
}

type Switch = "quorum_enforced" | "change_allowed" | "show_split";

function switches(before: RulesProfile, after: RulesProfile, fields: Switch[]): RulesChange[] {
  return fields.filter((what) => before[what] !== after[what]).map((what) => ({ what, from: before[what], to: after[what] }));
}

function speaking(before: RulesProfile, after: RulesProfile): RulesChange[] {
  const { speaking: from } = before;
  const { speaking: to } = after;
  if (!from || !to) return [];
  return (Object.keys(to) as SpeakingField[])
    .filter((field) => from[field] !== to[field])
    .map((field) => ({ what: "speaking", field, from: from[field], to: to[field] }));
}
