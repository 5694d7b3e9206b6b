// Ballots of the other forms, for the pages that only watch: options, candidates, a bloc, counts taken by people.

import type { BallotForm, BallotState, BallotView, PublishedResult, QuestionView, ResultView } from "@dienhong/web-shared/wire.ts";
import type { Fixture } from "./fixtures.ts";
import { ballotIn, type Split } from "./halls.ts";
import type { World } from "./harness/server.ts";

const HALL: Split = { yes: 84, no: 4, abstain: 3, notVoted: 1, absent: 3 };
const OPTIONS = ["Giữ nguyên mức thu như hiện nay", "Giảm một nửa từ năm 2026, thực hiện trong hai năm rồi đánh giá lại", "Miễn toàn bộ cho hộ nghèo và hộ cận nghèo"];

/** Puts the question's form in place of the motion, and what came out of it. */
function reform(fixture: Fixture, ballot: BallotView, change: Partial<QuestionView>, counts: readonly number[], chosen: readonly string[], took: number): QuestionView {
  const item = fixture.council.agenda.find((one) => one.id === ballot.item)!;
  const question = Object.assign(item.questions[0]!, change);
  if (ballot.result) {
    const { result } = ballot;
    result.counts = question.answers.map((answer, i) => ({ answer: answer.key, count: counts[i] ?? 0 }));
    result.took_part = took;
    result.not_voted = result.present - took;
    result.threshold = { ...result.threshold, count: Math.max(...counts) };
    result.chosen = [...chosen];
    if (result.verdict) result.verdict = chosen.length > 0 ? "adopted" : "rejected";
  }
  fixture.seats = { ...fixture.seats, marks: fixture.seats.marks.replaceAll(/[yn]/g, "a") };
  return question;
}

export function choiceIn(fixture: Fixture, now: number, state: BallotState, item = "i9"): BallotView {
  const ballot = ballotIn(fixture, now, { state, split: HALL, received: 83, item });
  const answers = [...OPTIONS.map((meaning, i) => ({ key: `a${i + 1}`, meaning })), { key: "abstain", meaning: "Không chọn phương án nào" }];
  reform(fixture, ballot, { form: "choice", answers, title: "Lựa chọn phương án thu phí sử dụng hạ tầng" }, [17, 61, 10, 3], ["a2"], 91);
  return ballot;
}

/** `candidates` stand for three places; none of them reaches the majority when `elected` is 0. */
export function electionIn(fixture: Fixture, now: number, state: BallotState, candidates = 5, elected = 3, item = "i9"): BallotView {
  const ballot = ballotIn(fixture, now, { state, split: HALL, received: 83, item });
  const names = fixture.roll.people.slice(20, 20 + candidates).map((one) => one.name);
  const answers = [...names.map((meaning, i) => ({ key: `c${i + 1}`, meaning })), { key: "abstain", meaning: "Không bầu ai" }];
  const counts = names.map((_, i) => (i < elected ? 81 - 9 * i : Math.max(0, 44 - 3 * i)));
  const chosen = names.slice(0, elected).map((_, i) => `c${i + 1}`);
  reform(fixture, ballot, { form: "election", choices: 3, answers, title: "Bầu Ủy viên Ủy ban nhân dân Thành phố nhiệm kỳ 2021–2026" }, [...counts, 2], chosen, 90);
  return ballot;
}

export function blocIn(fixture: Fixture, now: number, state: BallotState): BallotView {
  const ballot = ballotIn(fixture, now, { state, split: HALL, received: 83, item: "i10" });
  const item = fixture.council.agenda.find((one) => one.id === "i10")!;
  const parts = fixture.council.agenda.filter((one) => ["i6", "i7", "i8", "i9"].includes(one.id)).map((one) => one.questions[0]!);
  const bloc = { ...item.questions[0]!, id: "q10b", title: "Biểu quyết chung các nghị quyết về đầu tư" };
  bloc.bloc = parts.map((part) => ({ question: part.id, title: part.title, document_sha256: part.document_sha256 }));
  for (const part of parts) part.in_bloc = bloc.id;
  item.questions[0]!.ballots = [];
  item.questions.push(bloc);
  ballot.question = bloc.id;
  bloc.ballots = [{ id: ballot.id, round: 1, form: "electronic", state, result: ballot.result, reason: null }];
  return ballot;
}

export function countedIn(fixture: Fixture, now: number, form: Exclude<BallotForm, "electronic">, state: BallotState = "confirmed", item = "i9"): BallotView {
  const ballot = ballotIn(fixture, now, { state, split: HALL, arranged: "by_answer", item });
  return counted(fixture, ballot, form);
}

/** Marks the ballot as counted by people, and on paper what became of the papers. */
export function counted(fixture: Fixture, ballot: BallotView, form: Exclude<BallotForm, "electronic">): BallotView {
  ballot.form = form;
  const result: ResultView = ballot.result!;
  const secretary = fixture.roll.people.find((one) => one.offices.includes("secretary"))!;
  result.recorded_by = { id: secretary.id, name: secretary.name };
  if (form === "paper") result.papers = { issued: 92, returned: 91, valid: 89, invalid: 2 };
  const brief = fixture.council.agenda.flatMap((item) => item.questions).find((one) => one.id === ballot.question)!.ballots[0]!;
  brief.form = form;
  return ballot;
}

/** What `GET api/results` answers after a day with every form: ballots `b6` (hands), `b7` (paper), `b8` (election), `b9` (choice), `b10` (bloc). */
export function publishForms(world: World, now: number): PublishedResult[] {
  const { fixture } = world;
  const ballots = [
    countedIn(fixture, now, "show_of_hands", "announced", "i6"),
    countedIn(fixture, now, "paper", "announced", "i7"),
    electionIn(fixture, now, "announced", 5, 3, "i8"),
    choiceIn(fixture, now, "announced", "i9"),
    blocIn(fixture, now, "announced"),
  ];
  const results = ballots.map((ballot, i): PublishedResult => {
    const item = fixture.council.agenda.find((one) => one.id === ballot.item)!;
    const question = item.questions.find((one) => one.id === ballot.question)!;
    const brief = { ...question.ballots[0]!, result: { ...ballot.result!, announced_at: now - (ballots.length - i) * 60_000 } };
    return { item: { ...item, questions: [question] }, question: question.id, ballot: brief, seats: { ballot: ballot.id, marks: "", arranged: "by_answer" }, names: null };
  });
  world.json.set(`/c/${world.council}/api/results`, { results });
  return results;
}
