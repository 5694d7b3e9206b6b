// Ballots that were taken, for the list of results.

import type { BallotBrief, ItemView, QuestionView } from "@dienhong/web-shared/wire.ts";

export type Taken = { item: ItemView; question: QuestionView; ballot: BallotBrief };

/** Every round that is over, the one closed last first; rounds that were voided stand after the others. */
export function takenBallots(agenda: readonly ItemView[]): Taken[] {
  const all = agenda.flatMap((item) =>
    item.questions.flatMap((question) =>
      question.ballots.filter((ballot) => ballot.state !== "open" && ballot.state !== "on_hold").map((ballot) => ({ item, question, ballot })),
    ),
  );
  return all.sort((a, b) => (b.ballot.result?.closed_at ?? 0) - (a.ballot.result?.closed_at ?? 0));
}
