import { afterEach, describe, expect, it } from "vitest";
import { lang } from "@dienhong/web-shared/i18n.svelte.ts";
import { conclusion, readout } from "../readout.ts";
import { result } from "./sample.ts";

afterEach(() => void (lang.current = "vi"));

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

  it("comes after the figures, each with its share of all delegates", () => {
    const text = readout(result(84, 4, 2), "Thông qua chương trình kỳ họp", "adopted", false);
    expect(text).toContain("**84** đại biểu tán thành, bằng **");
    expect(text).toMatch(/đã thông qua chương trình kỳ họp\.$/);
  });
});
