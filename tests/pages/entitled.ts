// Questions that only some groups' delegates vote on, or whose answers the seats show at once.

import { isEntitled } from "@dienhong/web-shared/entitled.ts";
import { questionHash } from "@dienhong/web-shared/record/question.ts";
import type { QuestionView } from "@dienhong/web-shared/wire.ts";
import { questionOf, type Fixture } from "./fixtures.ts";

/** Changes the question that is on, and makes every figure of its ballot those of whoever is entitled then, as the server would. */
export async function putTo(fixture: Fixture, change: Pick<QuestionView, "groups" | "live_names" | "min_choices">): Promise<QuestionView> {
  const { ballot } = fixture.live;
  const questions = fixture.council.agenda.flatMap((item) => item.questions);
  const question = questions.find((one) => one.id === ballot?.question) ?? questionOf(fixture);
  Object.assign(question, change);
  question.document_sha256 = await questionHash(question);
  if (!ballot) return question;
  ballot.document_sha256 = question.document_sha256;
  const delegates = fixture.roll.people.filter((person) => person.seat !== null);
  const marks = [...fixture.seats.marks].map((mark, i) => (isEntitled(question, delegates[i]!) ? (change.live_names && mark === "r" ? answered(i) : mark) : "-"));
  const count = (of: string) => marks.filter((mark) => of.includes(mark)).length;
  fixture.seats = { ...fixture.seats, marks: marks.join(""), arranged: "by_seat" };
  Object.assign(ballot, { entitled: marks.length - count("-"), present: count("pryna"), received: count("ryna") });
  fixture.console.missing = fixture.console.missing.filter((id) => delegates.some((person) => person.id === id && isEntitled(question, person)));
  const { result } = ballot;
  if (!result || question.form !== "motion") return question;
  const [yes, no, abstain] = [count("y"), count("n"), count("a")];
  const inOffice = ballot.entitled!;
  const needed = Math.floor(inOffice / 2) + 1;
  Object.assign(result, {
    counts: [yes, no, abstain].map((n, i) => ({ answer: ["yes", "no", "abstain"][i]!, count: n })),
    took_part: yes + no + abstain,
    present: ballot.present,
    not_voted: count("p"),
    absent: count(".e"),
    in_office: inOffice,
    seats: inOffice,
    threshold: { ...result.threshold, base_count: inOffice, needed, count: yes },
    verdict: result.verdict && (yes >= needed ? "adopted" : "rejected"),
  });
  return question;
}

/** Mostly in favour, the same at every run. */
const answered = (seat: number): string => (seat % 11 === 3 ? "n" : seat % 13 === 5 ? "a" : "y");
