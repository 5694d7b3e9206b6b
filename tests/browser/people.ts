// A small council: every person in it is invented by a seeded generator, the same on every run.

export interface Person {
  id: string;
  name: string;
  /** Empty: not a delegate. */
  seat: string;
  group: string;
  /** Separated by spaces. */
  offices: string;
}

export const SEATS = 5;
export const CHAIR = "d1";
export const SECRETARY = "s1";

const FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Đỗ"];
const MIDDLE = ["Thanh", "Ngọc", "Quốc", "Thị Thu", "Hữu", "Xuân", "Gia"];
const GIVEN = ["Hạnh", "Khôi", "Diệp", "Sơn", "Yến", "Phúc", "Trâm", "Oanh", "Kiên"];

/** Five delegates, of whom the first may preside, and a secretary without a seat. The administrator comes with the founding. */
export function council(seed = 29): Person[] {
  const next = names(seed);
  const delegates = Array.from({ length: SEATS }, (_, i) => ({
    id: `d${i + 1}`,
    name: next(),
    seat: String(i + 1),
    group: i < 3 ? "Tổ 1" : "Tổ 2",
    offices: i === 0 ? "chair" : "",
  }));
  return [...delegates, { id: SECRETARY, name: next(), seat: "", group: "Văn phòng", offices: "secretary" }];
}

export function rosterCsv(people: readonly Person[]): string {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = people.map((p) => [p.id, p.name, p.seat, p.group, p.offices].map(cell).join(","));
  return ["id,name,seat,group,offices", ...rows, ""].join("\n");
}

/** Names without repetition, from a multiplicative congruential generator. */
function names(seed: number): () => string {
  let state = seed;
  const pick = (list: readonly string[]): string => {
    state = (state * 48_271) % 2_147_483_647;
    return list[state % list.length]!;
  };
  const used = new Set<string>();
  return () => {
    for (;;) {
      const name = `${pick(FAMILY)} ${pick(MIDDLE)} ${pick(GIVEN)}`;
      if (!used.has(name)) {
        used.add(name);
        return name;
      }
    }
  };
}
