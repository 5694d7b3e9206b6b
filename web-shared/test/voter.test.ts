import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, Outbox } from "../src/outbox.ts";
import { base64 } from "../src/record/bytes.ts";
import { generateKey, rawPublicKey } from "../src/record/ed25519.ts";
import type { Identity, PendingVote } from "../src/record/keys.ts";
import { parseNote } from "../src/record/note.ts";
import { questionHash } from "../src/record/question.ts";
import { parseStatement } from "../src/record/statement.ts";
import { Voter } from "../src/voter.svelte.ts";
import type { BallotView, ClientFrame, QuestionView } from "../src/wire.ts";

const stored = vi.hoisted(() => ({ pending: [] as PendingVote[], held: {} as Partial<Identity> }));
vi.mock("../src/record/keys.ts", () => ({
  heldIdentity: () => Promise.resolve(stored.held),
  pendingOf: () => Promise.resolve([...stored.pending]),
  receiptsOf: () => Promise.resolve([]),
  savePending: (vote: PendingVote) => Promise.resolve(void stored.pending.push(vote)),
  saveReceipt: () => Promise.resolve(),
  dropPending: () => Promise.resolve(),
}));

const RULE: QuestionView["rule"] = { numerator: 1, denominator: 2, base: "in_office", constant: 0, strict: true, tie: "fails" };
const fields = {
  title: "Bầu Ban Pháp chế",
  text: "",
  answers: ["c1", "c2", "c3", "abstain"].map((key) => ({ key, meaning: key })),
  rule: RULE,
  form: "election" as const,
  choices: 2,
  bloc: [],
  change_allowed: true,
};

/** A page whose outbox answers every vote with the same refusal, and the statements it sent. */
async function page(): Promise<{ voter: Voter; ballot: BallotView; question: QuestionView; sent: string[] }> {
  const pair = await generateKey();
  const identity = {
    council: "hanoi",
    person: "db1",
    origin: "dienhong.example/mau",
    key: pair.privateKey,
    publicKey: base64(await rawPublicKey(pair.publicKey)),
  } as Identity;
  const sent: string[] = [];
  const outbox: Pick<Outbox, "add" | "limit"> = {
    add: (frame: Extract<ClientFrame, { id: string }>): Promise<Answer> => {
      if (frame.type === "cast_vote") sent.push(parseNote(frame.statement).text);
      return Promise.resolve({ kind: "refused", code: "ballot_not_open", retry: false });
    },
    limit: () => undefined,
  };
  const voter = new Voter({ identity, outbox: outbox as Outbox, me: () => null, itemNumber: () => "5", onBadReceipt: () => undefined });
  const question = { id: "q1", item: "i5", ...fields } as unknown as QuestionView;
  const ballot = { id: "b1", question: "q1", document_sha256: await questionHash(fields) } as BallotView;
  return { voter, ballot, question, sent };
}

beforeEach(() => void Object.assign(stored, { pending: [], held: {} }));

describe("a vote", () => {
  it("for several candidates is one statement that names them in the question's order, each once", async () => {
    const { voter, ballot, question, sent } = await page();
    const handle = voter.vote(ballot, question, ["c3", "c1", "c3"]);
    await vi.waitFor(() => expect(handle.state).toBe("refused"));
    expect(handle.code).toBe("ballot_not_open");
    expect(handle.answers).toEqual(["c1", "c3"]);
    expect(sent).toHaveLength(1);
    expect(parseStatement(sent[0]!)).toMatchObject({ kind: "vote", choice: "c1", more: ["c3"], turn: 1 });
    expect(stored.pending[0]).toMatchObject({ answer: "c1", more: ["c3"] });
  });

  it("for one answer is what it always was", async () => {
    const { voter, ballot, question, sent } = await page();
    const handle = voter.vote(ballot, question, "c2");
    await vi.waitFor(() => expect(handle.state).toBe("refused"));
    expect(sent[0]!.match(/^choice .*$/gm)).toEqual(["choice c2"]);
    expect(stored.pending[0]).not.toHaveProperty("more");
  });

  it("found after a reload is asked about with everything it named", async () => {
    const first = await page();
    const handle = first.voter.vote(first.ballot, first.question, ["c1", "c2"]);
    await vi.waitFor(() => expect(handle.state).toBe("refused"));
    const { voter, sent } = await page();
    await vi.waitFor(() => expect(voter.latest?.state).toBe("refused"));
    expect(voter.latest?.answers).toEqual(["c1", "c2"]);
    expect(sent).toEqual(first.sent);
  });

  it("is not signed on a locked device, and nothing of it is kept to be sent later", async () => {
    const { voter, ballot, question, sent } = await page();
    stored.held = { pin: { locked: true } as NonNullable<Identity["pin"]> };
    const handle = voter.vote(ballot, question, ["c1"]);
    await vi.waitFor(() => expect(handle.state).toBe("refused"));
    expect([handle.code, sent.length, stored.pending.length]).toEqual(["device_locked", 0, 0]);
  });

  it("is not signed for a question that differs from the ballot's", async () => {
    const { voter, ballot, question, sent } = await page();
    const handle = voter.vote(ballot, { ...question, choices: 3 }, ["c1"]);
    await vi.waitFor(() => expect(handle.state).toBe("refused"));
    expect([handle.code, sent.length]).toEqual(["wrong_document", 0]);
  });
});
