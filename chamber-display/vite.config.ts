import { svelte } from "@sveltejs/vite-plugin-svelte";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const PAGES = ["index", "council", "wall", "results", "verify"];

// The server serves these files under /app/chamber-display/ and the pages under /c/<council>/<page>.
export default defineConfig({
  base: "/app/chamber-display/",
  plugins: [svelte()],
  build: {
    target: "es2022",
    // Fonts stay files: a data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { input: Object.fromEntries(PAGES.map((page) => [page, resolve(import.meta.dirname, `${page}.html`)])) },
  },
});
