// Who an entry of the record is by, in words.

import type { AuditEntry } from "@dienhong/web-shared/wire.ts";
import { t } from "./words.ts";

export function actor(entry: Pick<AuditEntry, "by" | "by_console" | "kind">): string {
  if (entry.by) return entry.by.name;
  if (entry.by_console) return t("audit_console");
  // Only a person casts a vote: where nobody is named, the name is withheld.
  return entry.kind === "vote_cast" ? t("audit_withheld") : t("audit_system");
}
