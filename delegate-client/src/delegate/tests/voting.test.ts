import type { RecordedVote } from "@dienhong/web-shared/session.svelte.ts";
import { describe, expect, it } from "vitest";
import { answerText, voteText } from "../answers.ts";
import { sameAnswers, toggled } from "../casting.ts";
import { stripOf, type StripFacts } from "../strip.ts";

const question = { answers: [{ key: "c1", meaning: "Lê Minh An" }, { key: "c2", meaning: "Vũ Hải Yến" }, { key: "abstain", meaning: "Không bầu ai" }] };

describe("answers in words", () => {
  it("are the candidates' names, and the common words for what every question has", () => {
    expect(voteText(question, { answer: "c1", more: ["c2"] })).toBe("Lê Minh An, Vũ Hải Yến");
    expect(answerText(question, "abstain")).toBe("Không biểu quyết");
    expect(answerText(null, "c9")).toBe("c9");
  });
});

describe("picking names", () => {
  it("takes a name off again, and takes no more than there are places", () => {
    expect(toggled([], "c1", 2)).toEqual(["c1"]);
    expect(toggled(["c1", "c2"], "c1", 2)).toEqual(["c2"]);
    expect(toggled(["c1", "c2"], "c3", 2)).toBeNull();
  });

  it("compares ballots whatever the order of the taps", () => {
    expect(sameAnswers(["c2", "c1"], ["c1", "c2"])).toBe(true);
    expect(sameAnswers(["c1"], ["c1", "c2"])).toBe(false);
    expect(sameAnswers(["c1", "c3"], ["c1", "c2"])).toBe(false);
  });
});

describe("the strip", () => {
  const vote: RecordedVote = { ballot: "b1", answer: "c1", more: [], at: 0, seq: 7, short: "A7F3", checked: true };
  const strip = (change: Partial<StripFacts>) =>
    stripOf({
      live: true,
      form: "electronic",
      state: "open",
      holdCause: null,
      timeOver: false,
      present: true,
      checkInRefused: null,
      changeAllowed: true,
      mismatch: false,
      hint: null,
      nudged: false,
      unsent: null,
      attempt: null,
      recorded: null,
      said: "Lê Minh An",
      ...change,
    });

  it("is loud about names that were picked and not sent, and repeats what stands", () => {
    expect(strip({ unsent: "đã chọn 2/3" })).toMatchObject({ tone: "warn", title: "Lá phiếu chưa gửi" });
    expect(strip({ unsent: "đã chọn 1/3", lacking: 1 }).body).toBe("đã chọn 1/3. Còn thiếu 1 người.");
    expect(strip({ unsent: "đã chọn 2/3", recorded: vote }).body).toContain("Lê Minh An");
  });

  it("does not ask to send what can no longer be sent", () => {
    expect(strip({ unsent: "đã chọn 2/3", timeOver: true }).title).not.toBe("Lá phiếu chưa gửi");
    expect(strip({ unsent: "đã chọn 2/3", live: false }).tone).toBe("danger");
  });

  it("passes on a reminder until a vote is recorded", () => {
    expect(strip({ nudged: true }).tone).toBe("warn");
    expect(strip({ nudged: true, recorded: vote }).tone).toBe("ok");
  });

  it("does not reproach anybody for a vote that was not taken on tablets", () => {
    for (const form of ["show_of_hands", "paper"] as const) expect(strip({ form, state: "announced" }).title).toBe("Lượt này không biểu quyết trên máy");
  });
});
