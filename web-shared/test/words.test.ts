import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { common } from "../src/words/common.ts";
import { refusals } from "../src/words/refusals.ts";

const repository = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), "utf8");

function chamberCodes(): string[] {
  return [...read("src/chamber/refusal.rs").matchAll(/=> "([a-z_]+)"/g)].map((m) => m[1]!);
}

function protocolCodes(): string[] {
  const paragraph = /\*\*Codes\*\*[^]*?(?:\n\n|$)/.exec(read("docs/protocol.md"))![0];
  return [...paragraph.matchAll(/`([a-z_]+)`/g)].map((m) => m[1]!);
}

describe("refusals", () => {
  it.each([...chamberCodes(), ...protocolCodes()])("%s has a text in both languages", (code) => {
    expect(refusals.texts.vi).toHaveProperty(code);
    expect(refusals.texts.en).toHaveProperty(code);
  });

  it("reads a plausible number of codes from their sources", () => {
    expect(chamberCodes().length).toBeGreaterThan(40);
    expect(protocolCodes().length).toBeGreaterThan(20);
  });
});

describe.each([
  ["common", common.texts],
  ["refusals", refusals.texts],
])("%s", (_, texts: { vi: Record<string, string>; en: Record<string, string> }) => {
  it("has the same places in both languages, no empty text, and composed letters", () => {
    for (const [key, vi] of Object.entries(texts.vi)) {
      const en = texts.en[key]!;
      expect(vi.trim() && en.trim(), key).toBeTruthy();
      expect(places(en), key).toEqual(places(vi));
      expect(vi, key).toBe(vi.normalize("NFC"));
    }
  });
});

function places(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[^}]*\}/g)].map((m) => m[1]!))].sort();
}
