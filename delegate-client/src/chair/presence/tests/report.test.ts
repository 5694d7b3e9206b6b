import { describe, expect, it } from "vitest";
import type { RollCallReport } from "@dienhong/web-shared/wire.ts";
import { comingsText, csv, reportCsv, type ReportWords } from "../report.ts";

const words: ReportWords = {
  headings: ["Ghế", "Họ và tên", "Tổ", "Điểm danh", "Đến, về", "Phút"],
  presence: { present: "Có mặt", absent: "Vắng", excused: "Có lý do" },
  coming: { present: "đến", absent: "ra về", excused: "vắng có lý do" },
  earlier: (count) => `trước đó còn ${count} lượt`,
  when: (at) => `t${at}`,
};
const report: RollCallReport = {
  sitting: "s", title: "Phiên sáng", opened_at: 0, closed_at: null, closings: [],
  people: [
    { person: { id: "a", name: "Đặng Văn Phúc" }, seat: "7", group: "Tổ 1", presence: "present", present_ms: 119_999,
      comings: [{ presence: "present", at: 1, reason: null }, { presence: "absent", at: 2, reason: "việc \"gia đình\", gấp" }, { presence: "present", at: 3, reason: null }] },
    { person: { id: "b", name: "=SUM(A1)" }, seat: null, group: "", presence: "absent", present_ms: 0, comings: [] },
  ],
};

describe("the roll-call report", () => {
  it("says who came and went, with the reasons", () => {
    expect(comingsText(report.people[0]!, words)).toBe("t1 đến; t2 ra về (việc \"gia đình\", gấp); t3 đến");
  });

  it("says how much it does not list", () => {
    expect(comingsText({ ...report.people[0]!, comings: report.people[0]!.comings.slice(2), earlier: 2 }, words)).toBe("trước đó còn 2 lượt; t3 đến");
  });

  it("as CSV quotes what needs it, counts whole minutes, and lets no name be a formula", () => {
    expect(reportCsv(report, words).split("\r\n")).toEqual([
      'Ghế,Họ và tên,Tổ,Điểm danh,"Đến, về",Phút',
      '7,Đặng Văn Phúc,Tổ 1,Có mặt,"t1 đến; t2 ra về (việc ""gia đình"", gấp); t3 đến",1',
      ",'=SUM(A1),,Vắng,,0",
      "",
    ]);
  });

  it("leaves numbers as they are", () => {
    expect(csv([[-1, "a\nb"]])).toBe('-1,"a\nb"\r\n');
  });
});
