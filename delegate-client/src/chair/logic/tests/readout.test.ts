import { afterEach, describe, expect, it } from "vitest";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import type { ResultView } from "@dienhong/web-shared/wire.ts";
import { conclusion, readout, type Spoken } from "../readout.ts";
import { question, result } from "./sample.ts";

afterEach(() => void (lang.current = "vi"));

const spoken = (change: Partial<Spoken> = {}): Spoken => ({
  result: result(84, 4, 2),
  question: question({ title: "Thông qua chương trình kỳ họp" }),
  form: "electronic",
  verdict: "adopted",
  tie: false,
  ...change,
});

const counts = (form: "choice" | "election", change: Partial<ResultView>, ...votes: number[]): Pick<Spoken, "question" | "result"> => {
  const letter = form === "choice" ? "a" : "c";
  const names = votes.map((_, n) => (form === "choice" ? `Phương án ${n + 1}` : ["Lê Thị An", "Trần Văn Bình", "Vũ Chi"][n]!));
  const answers = [...names.map((meaning, n) => ({ key: `${letter}${n + 1}`, meaning })), { key: "abstain", meaning: "" }];
  return {
    question: question({ form, choices: form === "choice" ? 1 : 2, answers }),
    result: result(0, 0, 0, {
      counts: [...votes.map((count, n) => ({ answer: `${letter}${n + 1}`, count })), { answer: "abstain", count: 3 }],
      took_part: 90,
      ...change,
    }),
  };
};

describe("the conclusion read aloud", () => {
  it("says what was decided", () => {
    expect(conclusion("Nghị quyết về phát triển giao thông", "adopted", false)).toBe(
      "Như vậy, Hội đồng nhân dân đã thông qua Nghị quyết về phát triển giao thông.",
    );
    expect(conclusion("Nghị quyết về phát triển giao thông", "rejected", false)).toBe(
      "Như vậy, Hội đồng nhân dân không thông qua Nghị quyết về phát triển giao thông.",
    );
  });

  it("does not say the verb twice, whichever language the title is in", () => {
    expect(conclusion("Thông qua chương trình kỳ họp", "adopted", false)).toBe("Như vậy, Hội đồng nhân dân đã thông qua chương trình kỳ họp.");
    expect(conclusion("Thông qua chương trình kỳ họp".normalize("NFD"), "rejected", false)).toBe(
      "Như vậy, Hội đồng nhân dân không thông qua chương trình kỳ họp.",
    );
    expect(conclusion("Biểu quyết thông qua Nghị quyết kỳ họp.", "adopted", false)).toBe("Như vậy, Hội đồng nhân dân đã thông qua Nghị quyết kỳ họp.");
    lang.current = "en";
    expect(conclusion("Adoption of the agenda", "adopted", false)).toBe("The Council has therefore adopted: the agenda.");
    expect(conclusion("Adopt the budget", "rejected", false)).toBe("The Council has therefore not adopted: the budget.");
    expect(conclusion("Thông qua chương trình kỳ họp", "adopted", false)).toBe("The Council has therefore adopted: chương trình kỳ họp.");
  });

  it("leaves a title alone that only begins alike", () => {
    expect(conclusion("Thông qua", "adopted", false)).toBe("Như vậy, Hội đồng nhân dân đã thông qua Thông qua.");
    expect(conclusion("Thông quan hàng hóa tại cảng", "adopted", false)).toBe("Như vậy, Hội đồng nhân dân đã thông qua Thông quan hàng hóa tại cảng.");
  });

  it("concludes nothing before the chair has broken a tie", () => {
    expect(conclusion("Thông qua chương trình", null, true)).toBe("Kết luận đọc sau khi chủ tọa quyết định.");
    expect(conclusion("Thông qua chương trình", null, false)).toBe("");
  });
});

describe("what is read aloud", () => {
  it("begins with the figures, each with its share of all delegates", () => {
    const text = readout(spoken());
    expect(text).toMatch(/^Có \*\*90\*\* đại biểu tham gia biểu quyết, bằng \*\*94,74\u00a0%\*\* tổng số đại biểu; \*\*84\*\* đại biểu tán thành, bằng \*\*88,42/);
    expect(text).toMatch(/đã thông qua chương trình kỳ họp\.$/);
  });

  it("names every group whose shares they are", () => {
    const groups = ["Tổ 10", "Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4"];
    expect(readout(spoken({ question: question({ groups }) }))).toContain("tổng số đại biểu Tổ 1, Tổ 2, Tổ 3, Tổ 4, Tổ 10; **84**");
  });

  it("says how a count by people was taken, papers with all their numbers", () => {
    expect(readout(spoken({ form: "show_of_hands" }))).toMatch(/^Biểu quyết bằng hình thức giơ tay\. Có \*\*90/);
    const papers = { issued: 92, returned: 91, valid: 90, invalid: 1 };
    expect(readout(spoken({ form: "paper", result: result(84, 4, 2, { papers }) }))).toMatch(
      /^Số phiếu phát ra \*\*92\*\*, thu về \*\*91\*\*, hợp lệ \*\*90\*\*, không hợp lệ \*\*1\*\*\./,
    );
  });

  it("names every option, the most votes first, and the one that was chosen", () => {
    const text = readout(spoken({ ...counts("choice", { chosen: ["a2"] }, 20, 67) }));
    expect(text.indexOf("Phương án 2: **67**")).toBeLessThan(text.indexOf("Phương án 1: **20**"));
    expect(text).toMatch(/đã chọn phương án: \*\*Phương án 2\*\*\.$/);
    expect(readout(spoken({ ...counts("choice", { chosen: [] }, 43, 44), verdict: "rejected" }))).toMatch(/chưa chọn được phương án nào\.$/);
  });

  it("names who was elected, in the order of their votes", () => {
    expect(readout(spoken({ ...counts("election", { chosen: ["c3", "c1"] }, 62, 38, 71) }))).toMatch(/trúng cử: \*\*Vũ Chi và Lê Thị An\*\*\.$/);
    expect(readout(spoken({ ...counts("election", { chosen: [] }, 30, 31, 32), verdict: "rejected" }))).toMatch(/không có người nào trúng cử\.$/);
    lang.current = "en";
    expect(readout(spoken({ ...counts("election", { chosen: ["c1"] }, 62, 38, 31) }))).toMatch(/Elected are therefore \*\*Lê Thị An\*\*\.$/);
  });

  it("lists what a bloc decided", () => {
    const bloc = ["Thông qua ngân sách", "Nghị quyết nhà ở"].map((title, n) => ({ question: `q${n}`, title, document_sha256: "" }));
    expect(readout(spoken({ question: question({ bloc }) }))).toMatch(/đã thông qua \*\*2\*\* nội dung: 1\) ngân sách; 2\) Nghị quyết nhà ở\.$/);
  });

  it("says that the chair decided, or still has to", () => {
    expect(readout(spoken({ result: result(44, 44, 1, { casting: "adopted" }) }))).toContain("chủ tọa quyết định theo quy chế.");
    expect(readout(spoken({ result: result(44, 44, 1), verdict: null, tie: true }))).toMatch(/Kết luận đọc sau khi chủ tọa quyết định\.$/);
  });
});
