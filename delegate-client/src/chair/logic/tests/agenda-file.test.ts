import { describe, expect, it } from "vitest";
import { MAX_ITEMS, readAgenda } from "../agenda-file.ts";

const codes = (text: string) => readAgenda(text).problems.map((problem) => [problem.line, problem.code]);

describe("an agenda in a file", () => {
  it("is read with its header, kinds and rule", () => {
    const { items, problems } = readAgenda(
      "number,kind,title,minutes,rule\n1,ceremony,Chào cờ; khai mạc,10,\n2,vote,Thông qua chương trình,5,majority_of_all\n",
    );
    expect(problems).toEqual([]);
    expect(items.map((entry) => entry.item)).toEqual([
      { number: "1", kind: "ceremony", title: "Chào cờ; khai mạc", short_title: null, minutes: 10, rule: null },
      { number: "2", kind: "vote", title: "Thông qua chương trình", short_title: null, minutes: 5, rule: "majority_of_all" },
    ]);
    expect(items.map((entry) => entry.line)).toEqual([2, 3]);
  });

  it("may be pasted from a spreadsheet without a header, with Vietnamese words", () => {
    const { items, problems } = readAgenda("7\tBiểu quyết\tNghị quyết, đợt 1\t\t\r\n8\tchất vấn\tChất vấn\t90\t");
    expect(problems).toEqual([]);
    expect(items.map(({ item }) => [item.kind, item.title, item.minutes])).toEqual([
      ["vote", "Nghị quyết, đợt 1", null],
      ["interpellation", "Chất vấn", 90],
    ]);
  });

  it("takes columns in the order its header gives, and `questions` for interpellation", () => {
    const { items } = readAgenda("Tên;Số;Loại\nBáo cáo năm;3a;questions");
    expect(items[0]?.item).toMatchObject({ number: "3a", kind: "interpellation", title: "Báo cáo năm" });
  });

  it("keeps quoted separators, quotes and line breaks, and still counts lines", () => {
    const { items, problems } = readAgenda('1,vote,"Nghị quyết ""A"",\nphần 2",5,\n2,nothing,B,,');
    expect(items[0]?.item.title).toBe('Nghị quyết "A", phần 2');
    expect(problems).toEqual([{ line: 3, code: "unknown_kind", value: "nothing" }]);
  });

  it("normalises to NFC", () => {
    expect(readAgenda("1,vote,Bie\u0302\u0309u quye\u0302\u0301t").items[0]?.item.title).toBe("Biểu quyết".normalize("NFC"));
  });

  it("names every problem with its line", () => {
    expect(codes("number,kind,title,minutes,rule\n,vote,A,5,\n1,vote,,x,\n1,report,B,,majority_of_all\n4,vote,C,5,Bad Rule")).toEqual([
      [2, "empty_number"],
      [3, "empty_title"],
      [3, "bad_minutes"],
      [4, "duplicate_number"],
      [4, "rule_without_vote"],
      [5, "bad_rule"],
    ]);
    expect(codes("")).toEqual([[1, "no_rows"]]);
    expect(codes("just a line")).toEqual([[1, "too_few_columns"]]);
    expect(codes('1,vote,"never closed')).toContainEqual([1, "open_quote"]);
  });

  it("is bounded", () => {
    const many = Array.from({ length: MAX_ITEMS + 1 }, (_, n) => `${n + 1},vote,T,,`).join("\n");
    expect(codes(many)).toEqual([[MAX_ITEMS + 1, "too_many"]]);
  });
});
