import type { CouncilView } from "@dienhong/web-shared/wire.ts";

/** Changes when, and only when, the list of published results may have changed. */
export function announcements(council: CouncilView | null): string {
  const ballots = council?.agenda.flatMap((item) => item.questions.flatMap((question) => question.ballots)) ?? [];
  return ballots
    .filter((ballot) => ballot.state === "announced" || ballot.state === "annulled")
    .map((ballot) => `${ballot.id} ${ballot.state}`)
    .join("\n");
}
