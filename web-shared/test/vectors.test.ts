// Both languages read and write the record alike: these vectors come from the server's ledger.

import { describe, expect, it } from "vitest";
import { base64, fromBase64, hex, utf8 } from "../src/record/bytes.ts";
import { generateKey, rawPublicKey, verifyEd25519 } from "../src/record/ed25519.ts";
import { leafHash, treeRoot, verifyConsistency, verifyInclusion } from "../src/record/merkle.ts";
import { formatVerifierKey, openNote, parseNote, parseVerifierKey, signNote } from "../src/record/note.ts";
import { questionDocument, questionHash, type QuestionDocument } from "../src/record/question.ts";
import { checkReceipt } from "../src/record/receipt.ts";
import { encodeStatement, parseStatement, type Statement } from "../src/record/statement.ts";
import type { Receipt } from "../src/wire.ts";
import { vectors } from "./vectors.ts";

type StatementVector = {
  kind: Statement["kind"];
  fields: Record<string, unknown>;
  text: string;
  note: string;
  key_name: string;
  public_key: string;
};

describe("statements", () => {
  it.each(vectors<StatementVector[]>("statements"))(
    "$kind of $fields.person",
    async ({ kind, fields, text, note, key_name, public_key }) => {
      const { document_sha256, arguments_sha256, ...rest } = fields;
      if (rest["target"] === null) rest["target"] = "-";
      const statement = {
        kind,
        ...rest,
        ...(document_sha256 ? { document: document_sha256 } : {}),
        ...(arguments_sha256 ? { arguments: arguments_sha256 } : {}),
      } as Statement;
      expect(encodeStatement(statement)).toBe(text);
      expect(parseStatement(text)).toEqual(statement);
      const key = await parseVerifierKey(await formatVerifierKey(key_name, fromBase64(public_key)));
      expect(await openNote(note, key)).toBe(text);
    },
  );

  const [vote] = vectors<StatementVector[]>("statements");
  it.each([
    ["a missing last line feed", (t: string) => t.slice(0, -1)],
    ["a leading zero in the turn", (t: string) => t.replace("turn 1", "turn 01")],
    ["turn zero", (t: string) => t.replace("turn 1", "turn 0")],
    ["an upper-case id", (t: string) => t.replace("person db1", "person DB1")],
    ["two spaces", (t: string) => t.replace("choice ", "choice  ")],
    ["lines in another order", (t: string) => t.replace(/(person .*\n)(choice .*\n)/, "$2$1")],
    ["an extra line", (t: string) => `${t}more 1\n`],
    ["more choices than an election has candidates", (t: string) => t.replace(/choice .*\n/, "choice c1\n".repeat(21))],
    ["a choice after the turn", (t: string) => t.replace(/(turn .*\n)/, "$1choice no\n")],
    ["a short nonce", (t: string) => t.replace(/nonce .*\n/, "nonce AAAA\n")],
    ["a carriage return", (t: string) => t.replace("\n", "\r\n")],
  ])("refuses %s", (_, change) => {
    expect(() => parseStatement(change(vote!.text))).toThrow();
  });
});

describe("notes", () => {
  const [vote] = vectors<StatementVector[]>("statements");

  it("signs what it can open, and refuses a changed text", async () => {
    const pair = await generateKey();
    const publicKey = await rawPublicKey(pair.publicKey);
    const note = await signNote("a text\n", "example/p/d1", pair.privateKey, publicKey);
    const key = await parseVerifierKey(await formatVerifierKey("example/p/d1", publicKey));
    expect(await openNote(note, key)).toBe("a text\n");
    await expect(openNote(note.replace("a text", "b text"), key)).rejects.toThrow();
  });

  it("ignores signatures by unknown keys and rejects a failing one by the known key", async () => {
    const key = await parseVerifierKey(await formatVerifierKey(vote!.key_name, fromBase64(vote!.public_key)));
    const stranger = "— somebody/else AAAAAAAAAAAAAAAA\n";
    expect(await openNote(vote!.note + stranger, key)).toBe(vote!.text);
    const line = vote!.note.split("\n\n")[1]!;
    const bytes = parseNote(vote!.note).signatures[0]!;
    const broken = bytes.signature.slice();
    broken[40]! ^= 1;
    const bad = `— ${bytes.name} ${base64(Uint8Array.from([...bytes.id, ...broken]))}\n`;
    await expect(openNote(`${vote!.text}\n${line}${bad}`, key)).rejects.toThrow();
  });

  it.each(["+00000000+AQ==", "name+00000000+AXZVwkqEWZd9JyYWLVXYVXqBnAaHRvTNjrkEPkRYTuEV", "name"])(
    "refuses the verifier key %s",
    async (text) => {
      await expect(parseVerifierKey(text)).rejects.toThrow();
    },
  );
});

describe("ed25519", () => {
  it("refuses keys and points of small order and non-canonical ones", async () => {
    const identity = Uint8Array.from([1, ...new Array<number>(31).fill(0)]);
    // With the neutral point as key, S = 0 and R neutral satisfy the equation for every message.
    expect(await verifyEd25519(identity, utf8("anything"), Uint8Array.from([...identity, ...new Uint8Array(32)]))).toBe(false);
    const nonCanonical = new Uint8Array(32).fill(0xff);
    nonCanonical[31] = 0x7f;
    expect(await verifyEd25519(nonCanonical, utf8("anything"), new Uint8Array(64))).toBe(false);
  });
});

describe("questions", () => {
  it.each(vectors<(QuestionDocument & { document: string; sha256: string })[]>("questions"))(
    "$title",
    async ({ document, sha256, ...question }) => {
      expect(questionDocument(question)).toBe(document);
      expect(await questionHash(question)).toBe(sha256);
    },
  );
});

describe("entries", () => {
  it("hash to their leaves", async () => {
    for (const { line, leaf_sha256, short } of vectors<{ line: string; leaf_sha256: string; short: string }[]>("entries")) {
      const leaf = hex(await leafHash(utf8(line)));
      expect(leaf).toBe(leaf_sha256);
      expect(leaf.slice(0, 4).toUpperCase()).toBe(short);
    }
  });
});

describe("receipts", () => {
  it.each(vectors<(Receipt & { vkey: string; valid: boolean; why: string })[]>("receipts"))(
    "$why",
    async ({ vkey, valid, why: _, ...receipt }) => {
      const checked = checkReceipt(receipt, vkey, null);
      if (valid) expect((await checked).seq).toBe(receipt.seq);
      else await expect(checked).rejects.toThrow();
    },
  );

  it("must hold the very statement that was signed", async () => {
    const [good] = vectors<(Receipt & { vkey: string })[]>("receipts");
    await expect(checkReceipt(good!, good!.vkey, "another statement")).rejects.toMatchObject({ code: "statement" });
  });
});

describe("tree", () => {
  type Size = { size: number; root: string; inclusion_by_index: string[][]; consistency_from_1: string[][] };
  const tree = vectors<{ entries: string[]; sizes: Size[] }>("tree");

  it("proves every entry of every size, and no other", async () => {
    const leaves = await Promise.all(tree.entries.map((e) => leafHash(utf8(e))));
    for (const { size, root, inclusion_by_index } of tree.sizes) {
      const rootBytes = fromBase64(root);
      expect(base64(await treeRoot(leaves.slice(0, size)))).toBe(root);
      for (const [index, proof] of inclusion_by_index.entries()) {
        const path = proof.map(fromBase64);
        await verifyInclusion(leaves[index]!, index, size, path, rootBytes);
        const other = (index + 1) % size;
        if (other !== index) await expect(verifyInclusion(leaves[other]!, index, size, path, rootBytes)).rejects.toThrow();
        await expect(verifyInclusion(leaves[index]!, index, size, [...path, rootBytes], rootBytes)).rejects.toThrow();
        if (path.length > 0) await expect(verifyInclusion(leaves[index]!, index, size, path.slice(1), rootBytes)).rejects.toThrow();
      }
    }
  });

  it("proves that every size extends every smaller one, and refuses another history", async () => {
    const roots = new Map(tree.sizes.map((s) => [s.size, fromBase64(s.root)]));
    for (const { size, consistency_from_1 } of tree.sizes) {
      for (const [i, proof] of consistency_from_1.entries()) {
        const from = i + 1;
        const path = proof.map(fromBase64);
        await verifyConsistency(from, roots.get(from)!, size, roots.get(size)!, path);
        const wrong = roots.get(from)!.slice();
        wrong[0]! ^= 1;
        await expect(verifyConsistency(from, wrong, size, roots.get(size)!, path)).rejects.toThrow();
      }
    }
  });
});
