// What a person signs (docs/record-format.md, "Statements"). Plain lines, so that a person can read them in a dispute.

import { base64, fromBase64, randomBytes } from "./bytes.ts";

export type Vote = {
  log: string;
  ballot: string;
  /** SHA-256 of the question document, hex. */
  document: string;
  person: string;
  choice: string;
  /** Further candidates, in an election: a line each, in the question's order. */
  more?: readonly string[];
  /** From 1, one higher with each change. */
  turn: number;
  /** Base64 of 16 bytes. */
  nonce: string;
};

export type OrderStatement = {
  log: string;
  person: string;
  order: string;
  /** An id, or `-` where the order has none. */
  target: string;
  /** SHA-256 of the arguments text, hex. */
  arguments: string;
  nonce: string;
};

export type Enrolment = {
  log: string;
  person: string;
  /** Ed25519 public key, base64. */
  key: string;
  nonce: string;
};

export type Login = {
  log: string;
  person: string;
  /** The server's challenge, base64 of 32 bytes. */
  challenge: string;
};

export type Statement =
  | ({ kind: "vote" } & Vote)
  | ({ kind: "order" } & OrderStatement)
  | ({ kind: "enrol" } & Enrolment)
  | ({ kind: "login" } & Login);

export class BadStatement extends Error {}

export function newNonce(): string {
  return base64(randomBytes(16));
}

export function encodeVote(s: Vote): string {
  const choices = [s.choice, ...(s.more ?? [])].map((choice) => `choice ${choice}\n`).join("");
  return checked(
    `chamber-vote/v1\nlog ${s.log}\nballot ${s.ballot} ${s.document}\nperson ${s.person}\n${choices}turn ${s.turn}\nnonce ${s.nonce}\n`,
  );
}

export function encodeOrder(s: OrderStatement): string {
  return checked(
    `chamber-order/v1\nlog ${s.log}\nperson ${s.person}\norder ${s.order}\ntarget ${s.target}\narguments ${s.arguments}\nnonce ${s.nonce}\n`,
  );
}

export function encodeEnrolment(s: Enrolment): string {
  return checked(`chamber-enrol/v1\nlog ${s.log}\nperson ${s.person}\nkey ${s.key}\nnonce ${s.nonce}\n`);
}

export function encodeLogin(s: Login): string {
  return checked(`chamber-login/v1\nlog ${s.log}\nperson ${s.person}\nchallenge ${s.challenge}\n`);
}

export function encodeStatement(s: Statement): string {
  switch (s.kind) {
    case "vote":
      return encodeVote(s);
    case "order":
      return encodeOrder(s);
    case "enrol":
      return encodeEnrolment(s);
    case "login":
      return encodeLogin(s);
  }
}

const ID = "([a-z0-9][a-z0-9._-]{0,39})";
const HASH = "([0-9a-f]{64})";
const WORD = "([^ +\\n]+)";
const BASE64 = "([A-Za-z0-9+/]+={0,2})";
/** Candidates that one vote may name: as many as an election may have. */
const MOST_CHOICES = 20;

const VOTE = new RegExp(
  `^chamber-vote/v1\\nlog ${WORD}\\nballot ${ID} ${HASH}\\nperson ${ID}\\n((?:choice [a-z0-9][a-z0-9._-]{0,39}\\n){1,${MOST_CHOICES}})turn ([1-9][0-9]{0,9})\\nnonce ${BASE64}\\n$`,
);
const ORDER = new RegExp(
  `^chamber-order/v1\\nlog ${WORD}\\nperson ${ID}\\norder ${ID}\\ntarget (-|[a-z0-9][a-z0-9._-]{0,39})\\narguments ${HASH}\\nnonce ${BASE64}\\n$`,
);
const ENROL = new RegExp(`^chamber-enrol/v1\\nlog ${WORD}\\nperson ${ID}\\nkey ${BASE64}\\nnonce ${BASE64}\\n$`);
const LOGIN = new RegExp(`^chamber-login/v1\\nlog ${WORD}\\nperson ${ID}\\nchallenge ${BASE64}\\n$`);

/** Reads a statement's text. Refuses anything that would not encode to the same bytes. */
export function parseStatement(text: string): Statement {
  let m: RegExpExecArray | null;
  if ((m = VOTE.exec(text))) {
    const [, log, ballot, document, person, choices, turn, nonce] = m as unknown as string[];
    sized(nonce!, 16);
    const [choice, ...more] = choices!.trimEnd().split("\n").map((line) => line.slice("choice ".length));
    return {
      kind: "vote",
      log: log!,
      ballot: ballot!,
      document: document!,
      person: person!,
      choice: choice!,
      ...(more.length > 0 ? { more } : {}),
      turn: Number(turn),
      nonce: nonce!,
    };
  }
  if ((m = ORDER.exec(text))) {
    const [, log, person, order, target, args, nonce] = m as unknown as string[];
    sized(nonce!, 16);
    return { kind: "order", log: log!, person: person!, order: order!, target: target!, arguments: args!, nonce: nonce! };
  }
  if ((m = ENROL.exec(text))) {
    const [, log, person, key, nonce] = m as unknown as string[];
    sized(key!, 32);
    sized(nonce!, 16);
    return { kind: "enrol", log: log!, person: person!, key: key!, nonce: nonce! };
  }
  if ((m = LOGIN.exec(text))) {
    const [, log, person, challenge] = m as unknown as string[];
    sized(challenge!, 32);
    return { kind: "login", log: log!, person: person!, challenge: challenge! };
  }
  throw new BadStatement("not a statement of the record");
}

/** Every statement this device makes is read back by the same strict rules before it is signed. */
function checked(text: string): string {
  parseStatement(text);
  return text;
}

function sized(text: string, length: number): void {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text);
  } catch {
    throw new BadStatement("not base64");
  }
  if (bytes.length !== length) throw new BadStatement("wrong length");
}
