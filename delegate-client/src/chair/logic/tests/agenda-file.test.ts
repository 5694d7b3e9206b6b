import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MAX_ITEMS, readAgenda } from "../agenda-file.ts";
import { itemsOf, problemsOf, settled } from "../agenda-row.ts";
import { batches } from "../batches.ts";

const RULES = ["majority_of_all", "two_thirds_of_all"];
const DAY = new Date(2026, 10, 23).getTime();

const items = (text: string) => itemsOf(readAgenda(text).rows, DAY);
const fileCodes = (text: string) => readAgenda(text).problems.map((problem) => [problem.line, problem.code]);
const rowCodes = (text: string) => problemsOf(readAgenda(text).rows, RULES).map((row) => row.map(({ code }) => code));
const outline = (text: string) => readAgenda(text).rows.map((row) => [row.level, row.number, row.title]);

describe("an agenda as a table", () => {
  it("is read with its header, kinds and rule", () => {
    const text = "number,kind,title,minutes,rule\n1,ceremony,Chào cờ; khai mạc,10,\n2,vote,Thông qua chương trình,5,majority_of_all\n";
    expect(fileCodes(text)).toEqual([]);
    expect(rowCodes(text)).toEqual([[], []]);
    expect(items(text)).toEqual([
      { number: "1", kind: "ceremony", title: "Chào cờ; khai mạc", minutes: 10 },
      { number: "2", kind: "vote", title: "Thông qua chương trình", minutes: 5, rule: "majority_of_all" },
    ]);
    expect(readAgenda(text).rows.map((row) => row.line)).toEqual([2, 3]);
  });

  it("may be pasted from a spreadsheet without a header, with Vietnamese words", () => {
    expect(items("7\tBiểu quyết\tNghị quyết, đợt 1\t\t\r\n8\tchất vấn\tChất vấn\t90\t").map((item) => [item.kind, item.title, item.minutes])).toEqual([
      ["vote", "Nghị quyết, đợt 1", undefined],
      ["interpellation", "Chất vấn", 90],
    ]);
  });

  it("takes columns in the order its header gives, and further ones", () => {
    const text = "Tên;Số;Giờ;Người trình bày;Kín\nBáo cáo năm;3;8h30;Ban Pháp chế;\nPhụ lục;3.1;;;có";
    expect(items(text)).toEqual([
      { number: "3", kind: "report", title: "Báo cáo năm", planned_at: new Date(2026, 10, 23, 8, 30).getTime(), presenter: "Ban Pháp chế" },
    ]);
    expect(readAgenda(text).rows[1]).toMatchObject({ level: 1, number: "3.1", doors: "có", kind: null });
  });

  it("is closed where it says yes, public only where it says no, and wrong where it says anything else", () => {
    for (const [header, yes, no] of [["closed_doors", "Yes", "NO"], ["closed", "1", "0"], ["kín", "Có", "Không"], ["Họp kín", "CO\u0301", ""]]) {
      const text = `number,kind,title,${header}\n1,report,A,${yes}\n2,report,B,${no}\n3,report,C,`;
      expect(rowCodes(text)).toEqual([[], [], []]);
      expect(items(text).map((item) => item.closed ?? false)).toEqual([true, false, false]);
    }
    for (const word of ["x", "true", "kín", "co", "khong", "2", "yes no", "toString"]) {
      const { rows } = readAgenda(`number,kind,title,closed_doors\n1,report,A,${word}`);
      expect(problemsOf(rows, RULES)).toEqual([[{ code: "bad_closed_doors", value: word }]]);
      expect(rows[0]?.line).toBe(2);
    }
  });

  it("keeps quoted separators, quotes and line breaks, and still counts lines", () => {
    const { rows } = readAgenda('1,vote,"Nghị quyết ""A"",\nphần 2",5,\n2,nothing,B,,');
    expect(rows.map(({ line, title, kind }) => [line, title, kind])).toEqual([
      [1, 'Nghị quyết "A", phần 2', "vote"],
      [3, "B", null],
    ]);
  });

  it("normalises to NFC", () => {
    expect(readAgenda("1,vote,Bie\u0302\u0309u quye\u0302\u0301t").rows[0]?.title).toBe("Biểu quyết".normalize("NFC"));
  });

  it("names every problem of every row, and keeps the row to be corrected", () => {
    const text = "number,kind,title,minutes,rule\n,vote,A,5,\n1,vote,,x,\n1,report,B,,majority_of_all\n4,vote,C,5,no_such\n5,dance,D,,";
    expect(rowCodes(text)).toEqual([
      ["empty_number"],
      ["empty_title", "bad_minutes"],
      ["duplicate_number", "rule_without_vote"],
      ["unknown_rule"],
      ["unknown_kind"],
    ]);
    expect(rowCodes("STT,tên,giờ\n1,Khai mạc,25:10")).toEqual([["bad_time"]]);
  });

  it("says what is wrong with the text itself", () => {
    expect(fileCodes("")).toEqual([[1, "no_rows"]]);
    expect(fileCodes("1,vote,A\nno cells here")).toEqual([[2, "too_few_columns"]]);
    expect(fileCodes('1,vote,A\n2,vote,"never closed')).toEqual([[2, "open_quote"]]);
    const many = Array.from({ length: MAX_ITEMS + 1 }, (_, n) => `${n + 1},vote,T,,`).join("\n");
    expect(fileCodes(many)).toEqual([[MAX_ITEMS + 1, "too_many"]]);
  });

  it("reads the agenda of the sample session", () => {
    const { rows, problems } = readAgenda(readFileSync(new URL("../../../../../data/hanoi-session-29/agenda.csv", import.meta.url), "utf8"));
    expect(problems).toEqual([]);
    expect(problemsOf(rows, RULES).flat()).toEqual([]);
    expect(rows.map((row) => row.kind)).toEqual([
      "ceremony", "vote", "report", "discussion", "interpellation", "vote", "vote", "vote", "vote", "vote", "vote", "election", "ceremony",
    ]);
  });
});

describe("an agenda as a numbered list", () => {
  const SAMPLE = `I. Phiên khai mạc
  1. 08:00 Chào cờ, khai mạc kỳ họp (15 phút)
  2. Biểu quyết thông qua chương trình kỳ họp (5 phút)
II. Phiên làm việc
  1. Báo cáo kinh tế - xã hội 6 tháng đầu năm; người trình bày: Ủy ban nhân dân
     a) Báo cáo thẩm tra của Ban Kinh tế
     b) Thảo luận tại hội trường (60 phút)
  2. 13h30 - 15h00: Chất vấn và trả lời chất vấn
  3. Bầu bổ sung Ủy viên
III. Bế mạc kỳ họp`;

  it("finds its tree, whatever numbers stand under which", () => {
    expect(outline(SAMPLE)).toEqual([
      [0, "I", "Phiên khai mạc"],
      [1, "1", "Chào cờ, khai mạc kỳ họp"],
      [1, "2", "Biểu quyết thông qua chương trình kỳ họp"],
      [0, "II", "Phiên làm việc"],
      [1, "II.1", "Báo cáo kinh tế - xã hội 6 tháng đầu năm"],
      [2, "II.1.a", "Báo cáo thẩm tra của Ban Kinh tế"],
      [2, "II.1.b", "Thảo luận tại hội trường"],
      [1, "II.2", "Chất vấn và trả lời chất vấn"],
      [1, "3", "Bầu bổ sung Ủy viên"],
      [0, "III", "Bế mạc kỳ họp"],
    ]);
    expect(problemsOf(readAgenda(SAMPLE).rows, RULES).flat()).toEqual([]);
  });

  it("takes times, lengths and presenters out of the titles", () => {
    const rows = readAgenda(SAMPLE).rows;
    expect(rows.filter((row) => row.planned || row.minutes || row.presenter).map((row) => [row.number, row.planned, row.minutes, row.presenter])).toEqual([
      ["1", "08:00", "15", ""],
      ["2", "", "5", ""],
      ["II.1", "", "", "Ủy ban nhân dân"],
      ["II.1.b", "", "60", ""],
      ["II.2", "13:30", "90", ""],
    ]);
  });

  it("guesses kinds from the first word that tells one", () => {
    const kinds = (...titles: string[]) => readAgenda(titles.map((title, n) => `${n + 1}. ${title}`).join("\n")).rows.map((row) => row.kind);
    expect(
      kinds(
        "Tờ trình về dự thảo Nghị quyết giá đất", "Nghị quyết về bầu bổ sung", "Thảo luận các tờ trình", "Trả lời chất vấn", "Miễn nhiệm chức danh",
        "Bãi nhiệm chức danh", "Bế mạc", "Chào cờ", "Ý kiến cử tri", "Adoption of the agenda", "Debate on the budget",
      ),
    ).toEqual([
      "report", "vote", "discussion", "interpellation", "election", "election", "ceremony", "ceremony", "report", "vote", "discussion",
    ]);
  });

  it("reads decimal numbers as a tree, and times at the beginning of the line", () => {
    expect(outline("1. Khai mạc\n1.1 Chào cờ\n1.1.1 Quốc ca\n1.2. Diễn văn\n2. Báo cáo")).toEqual([
      [0, "1", "Khai mạc"],
      [1, "1.1", "Chào cờ"],
      [2, "1.1.1", "Quốc ca"],
      [1, "1.2", "Diễn văn"],
      [0, "2", "Báo cáo"],
    ]);
    const [first, second] = readAgenda("08:30 Khai mạc\n9h15 1. Báo cáo (20')").rows;
    expect([first?.planned, first?.number, second?.planned, second?.minutes]).toEqual(["08:30", "1", "09:15", "20"]);
  });

  it("joins lines that go on, and does not take a year or a plain number for one of its own", () => {
    expect(outline("1. Nghị quyết về kế hoạch\n   đầu tư công năm 2026\n2. Báo cáo năm 2025")).toEqual([
      [0, "1", "Nghị quyết về kế hoạch đầu tư công năm 2026"],
      [0, "2", "Báo cáo năm 2025"],
    ]);
    expect(outline("1. Nghị quyết giai đoạn\n2026–2030 về nhà ở")).toEqual([[0, "1", "Nghị quyết giai đoạn 2026–2030 về nhà ở"]]);
  });

  it("numbers bullets itself", () => {
    expect(outline("1. Nhân sự\n- Miễn nhiệm\n- Bầu bổ sung\n2. Bế mạc").map(([level, number]) => [level, number])).toEqual([
      [0, "1"], [1, "1.1"], [1, "1.2"], [0, "2"],
    ]);
  });
});

describe("what is sent", () => {
  it("never stands more than one level under the row above", () => {
    const rows = readAgenda("1. A\n1.1 B\n1.1.1 C").rows;
    expect(settled(rows.filter((row) => row.number !== "1.1")).map((row) => row.level)).toEqual([0, 1]);
    expect(itemsOf(rows, DAY).map((item) => item.level ?? 0)).toEqual([0, 1, 2]);
  });

  it("is cut only where a new branch begins", () => {
    const long = "x".repeat(900);
    const tree = Array.from({ length: 20 }, (_, n) => ({ number: String(n), kind: "report" as const, title: long, level: n % 4 === 0 ? 0 : 1 }));
    const cut = batches(tree);
    expect(cut.length).toBeGreaterThan(1);
    expect(cut.flat()).toEqual(tree);
    expect(cut.map((batch) => batch[0]?.level)).toEqual(cut.map(() => 0));
  });
});
