// `npm run shots -- <page> [state] [--lang en] [--size 390x844]`: pictures of pages in their states, into shots-out/.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, openPage } from "./harness/browser.ts";
import { OFFICES, SCREENS, STATES, worldFor } from "./states/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: "string", default: "vi" },
    size: { type: "string", default: "1280x800" },
    full: { type: "boolean", default: false },
  },
});
const [wantedPage, wantedState] = positionals;
const [width, height] = values.size.split("x").map(Number);
const out = join(import.meta.dirname, "shots-out");
mkdirSync(out, { recursive: true });

const browser = await launch();
for (const [path, states] of Object.entries({ ...STATES, ...OFFICES, ...SCREENS })) {
  if (wantedPage && path !== wantedPage) continue;
  for (const [name, state] of Object.entries(states)) {
    if (wantedState && name !== wantedState) continue;
    const world = await worldFor(state);
    const complaints: string[] = [];
    try {
      await state.before?.(world);
      const page = await openPage(browser, world, {
        path: path + (state.suffix ?? ""),
        person: state.person ?? null,
        others: state.others ?? [],
        pinAsked: state.pinAsked ?? false,
        lang: values.lang === "en" ? "en" : "vi",
        width: width!,
        height: height!,
        complaints,
      });
      await state.after?.(page, world);
      const target = join(
        out,
        `${path}-${name}${values.lang === "en" ? "-en" : ""}${values.size === "1280x800" ? "" : `-${values.size}`}.png`,
      );
      await page.screenshot({ path: target, fullPage: values.full });
      console.log(target, complaints.length ? complaints : "");
      await page.context().close();
    } catch (error) {
      console.error(path, name, error, complaints);
      process.exitCode = 1;
    } finally {
      await world.stop();
    }
  }
}
await browser.close();
