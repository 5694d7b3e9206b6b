// Signed orders: `chamber-order/v1` over the SHA-256 of an arguments text that travels beside it.

import type { Command, FoundArguments } from "../wire.ts";
import { hex, sha256, utf8 } from "./bytes.ts";
import type { Identity } from "./keys.ts";
import { signAs } from "./sign.ts";
import { encodeOrder, newNonce } from "./statement.ts";

/** Every order a page can sign: those the record takes, and the few that leave nothing in it. */
export type Order =
  | Command
  | { order: "issue_code"; target: string }
  | { order: "cancel_code"; target: string }
  | { order: "nudge"; target: string }
  | { order: "start_rehearsal" }
  | { order: "end_rehearsal" }
  | { order: "check_roster"; sha256: string }
  | ({ order: "host_council" } & FoundArguments);

export type SignedOrder = { statement: string; arguments: string };

/** The arguments: the order's fields without its name and target. Fields left out and nulls mean the same, so nulls are dropped. */
export function argumentsText(order: Order): string {
  const fields = Object.entries(order).filter(
    ([key, value]) => key !== "order" && key !== "target" && value !== null && value !== undefined,
  );
  return JSON.stringify(Object.fromEntries(fields));
}

export function orderTarget(order: Order): string {
  return "target" in order ? (order.target ?? "-") : "-";
}

export async function signOrder(identity: Identity, order: Order): Promise<SignedOrder> {
  const text = argumentsText(order);
  const statement = encodeOrder({
    log: identity.origin,
    person: identity.person,
    order: order.order,
    target: orderTarget(order),
    arguments: hex(await sha256(utf8(text))),
    nonce: newNonce(),
  });
  return { statement: await signAs(identity, statement), arguments: text };
}
