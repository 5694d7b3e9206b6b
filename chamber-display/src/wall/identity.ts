// As whom this screen joins. A device that was enrolled for the hall's screen (or for an officer) may be shown what happens
// behind closed doors; every other browser sees what the public sees.
//
// Enrolment itself happens on the delegates' page of the same device, which keeps the key where this page finds it.

import { getJson } from "@dienhong/web-shared/http.ts";
import { identitiesOf, type Identity } from "@dienhong/web-shared/record/keys.ts";
import type { Office, RollView } from "@dienhong/web-shared/wire.ts";

/** The screen's own key comes first: an officer's leaves with the officer. */
const MAY_SIGN: readonly Office[] = ["screen", "secretary", "administrator", "chair", "deputy", "scrutineer"];

/** While the server does not answer, nothing can be shown anyway. */
const ASK_AGAIN_MS = 3_000;

/** `null`: this browser holds no key of anybody whose wall this could be. A delegate's own tablet stays a public one. */
export function wallIdentity(identities: readonly Identity[], roll: RollView): Identity | null {
  for (const office of MAY_SIGN) {
    const found = identities.find(({ person }) => roll.people.some((one) => one.id === person && one.offices.includes(office)));
    if (found) return found;
  }
  return null;
}

export async function identityOfThisScreen(council: string): Promise<Identity | null> {
  const identities = await identitiesOf(council);
  if (identities.length === 0) return null;
  for (;;) {
    try {
      const { state } = await getJson<{ state: RollView }>(`/c/${council}/api/view/roll`);
      return wallIdentity(identities, state);
    } catch {
      await new Promise((again) => setTimeout(again, ASK_AGAIN_MS));
    }
  }
}

/** `#enrol=…` opened on the wall: the delegates' page takes the code, still in the fragment, which no server is sent. */
export function enrolmentAddress(council: string, fragment: string): string | null {
  return /^#enrol=./.test(fragment) ? `/c/${council}/delegate${fragment}` : null;
}

/** Which wall the address names; `null`: the main one. */
export function wallInAddress(search: string): string | null {
  const wall = new URLSearchParams(search).get("wall");
  return wall === null || wall === "" ? null : wall;
}
