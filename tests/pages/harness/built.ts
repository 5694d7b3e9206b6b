import { existsSync } from "node:fs";
import { join } from "node:path";

export default function built(): void {
  const root = join(import.meta.dirname, "../../..");
  for (const page of ["delegate-client/dist/delegate.html", "chamber-display/dist/index.html"]) {
    if (!existsSync(join(root, page))) throw new Error(`${page} is missing: run "npm run build" first`);
  }
}
