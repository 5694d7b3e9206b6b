import { describe, expect, it } from "vitest";
import { tidyCode } from "../src/record/enrol.ts";
import { argumentsText, orderTarget } from "../src/record/order.ts";
import { parseReceiptFile } from "../src/record/receipt-file.ts";

describe("orders", () => {
  it("hold everything but name and target in their arguments", () => {
    expect(argumentsText({ order: "extend_ballot", target: "b1", seconds: 30 })).toBe('{"seconds":30}');
    expect(argumentsText({ order: "close_sitting" })).toBe("{}");
    expect(argumentsText({ order: "open_ballot", target: "q1", seconds: null })).toBe("{}");
    expect(orderTarget({ order: "open_ballot", target: "q1", seconds: null })).toBe("q1");
    expect(orderTarget({ order: "show_on_wall", target: null, mode: "blank", card: null })).toBe("-");
  });
});

describe("one-time codes", () => {
  it.each([
    ["7kqm2f9z", "7KQM-2F9Z"],
    [" 7KQM – 2F9Z ", "7KQM-2F9Z"],
    ["7kq", "7KQ"],
    ["7KQM-2F9Z-more", "7KQM-2F9Z"],
  ])("%s becomes %s", (typed, code) => expect(tidyCode(typed)).toBe(code));
});

describe("receipt files", () => {
  it.each(["", "{}", "[]", '{"format":"dienhong-receipt/v1"}', "null", '"text"'])("refuses %s", (text) => {
    expect(() => parseReceiptFile(text)).toThrow();
  });
});
