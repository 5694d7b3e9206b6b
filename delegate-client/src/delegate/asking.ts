// Asking to speak: what the situation offers this person, and where they stand in the queue.

import type { ItemKind, PersonView, Presence, RequestView, SpeakingView, SpeechKind } from "@dienhong/web-shared/wire.ts";

export type Situation = {
  person: Pick<PersonView, "id" | "seat" | "offices">;
  presence: Presence;
  /** Kind of the item the hall is at; `null` between items and outside sittings. */
  item: ItemKind | null;
  speaking: SpeakingView | null;
};

export type Asking = {
  /** The one that suits the situation best comes first. Empty: nothing to ask for, such as for whoever has the floor. */
  kinds: SpeechKind[];
  /** The list is closed: only points of order are taken. */
  closed: boolean;
  /** One's own requests that wait, with how many are before each. */
  waiting: { request: RequestView; ahead: number }[];
};

export function askingOf({ person, presence, item, speaking }: Situation): Asking {
  const queue = speaking?.queue ?? [];
  const waiting = queue.flatMap((request, ahead) => (request.person.id === person.id ? [{ request, ahead }] : []));
  const closed = !speaking?.list_open;
  if (item === null || speaking?.speech?.person.id === person.id) return { kinds: [], closed, waiting };
  const asked = new Set(waiting.map(({ request }) => request.kind));
  const kinds = kindsFor(person, presence, item).filter((kind) => !asked.has(kind));
  return { kinds: closed ? kinds.filter((kind) => kind === "point_of_order") : kinds, closed, waiting };
}

function kindsFor(person: Situation["person"], presence: Presence, item: ItemKind): SpeechKind[] {
  const official = person.offices.includes("official");
  const delegate = person.seat !== null && presence === "present";
  const replies: SpeechKind[] = item === "interpellation" ? ["answer", "explain"] : ["explain"];
  const debate: SpeechKind[] = item === "interpellation" ? ["interpellate", "rebut"] : ["speak", "rebut"];
  return [...(official ? replies : []), ...(delegate ? debate : []), ...(official || delegate ? (["point_of_order"] as const) : [])];
}
