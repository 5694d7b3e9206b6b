import { describe, expect, it } from "vitest";
import {
  countStates,
  HEMICYCLE_FROM,
  layoutFor,
  MOST_SEATS,
  orderedAcross,
  planSeats,
  seatPath,
  seatShape,
  seatState,
  viewBox,
  type Place,
  type Plan,
} from "../src/seats.ts";

const SIZES = [1, 2, 3, 7, 15, 27, 30, 39, 40, 41, 52, 85, 95, 125, 230, 334, 499, 500, 720];

describe("a plan", () => {
  it.each(SIZES)("gives each of %i seats a place inside its box", (count) => {
    for (const layout of ["hemicycle", "rows"] as const) {
      const plan = planSeats(count, layout);
      expect(plan.places).toHaveLength(count);
      const [left, top, width, height] = plan.box;
      for (const { x, y } of plan.places) {
        expect(x - plan.size).toBeGreaterThanOrEqual(left - 1e-9);
        expect(x + plan.size).toBeLessThanOrEqual(left + width + 1e-9);
        expect(y - plan.size).toBeGreaterThanOrEqual(top - 1e-9);
        expect(y + plan.size).toBeLessThanOrEqual(top + height + 1e-9);
      }
    }
  });

  it.each(SIZES)("keeps %i seats apart, diamonds too", (count) => {
    const plan = planSeats(count);
    expect(nearest(plan)).toBeGreaterThan(2 * plan.size);
  });

  it("is a hemicycle from forty seats on, rows below", () => {
    expect(layoutFor(HEMICYCLE_FROM)).toBe("hemicycle");
    expect(layoutFor(HEMICYCLE_FROM - 1)).toBe("rows");
    expect(planSeats(95).layout).toBe("hemicycle");
    expect(planSeats(27).layout).toBe("rows");
  });

  it("has 5 rows for 95 seats and 11 for 500, both ends on the base line", () => {
    for (const [count, rowCount] of [[95, 5], [500, 11]] as const) {
      const onBase = planSeats(count).places.filter((p) => Math.abs(p.y) < 1e-9);
      expect(onBase).toHaveLength(2 * rowCount);
    }
  });

  it("leaves a hollow wide enough for a figure", () => {
    for (const count of [40, 95, 125, 500]) {
      const radii = planSeats(count).places.map((p) => Math.hypot(p.x, p.y));
      const ratio = Math.min(...radii) / Math.max(...radii);
      expect(ratio).toBeGreaterThan(0.38);
      expect(ratio).toBeLessThan(0.6);
    }
  });

  it("fills a short last row from the aisle", () => {
    const last = planSeats(27).places.filter((p) => p.y === 2);
    const middle = last.reduce((sum, p) => sum + p.x, 0) / last.length;
    expect(last).toHaveLength(7);
    expect(Math.abs(middle)).toBeLessThan(1);
  });

  it("survives counts no hall has", () => {
    expect(planSeats(0).places).toEqual([]);
    expect(planSeats(-3).places).toEqual([]);
    expect(planSeats(Number.NaN).places).toEqual([]);
    expect(planSeats(1e9).places).toHaveLength(MOST_SEATS);
    expect(viewBox(planSeats(0))).toMatch(/^(-?[\d.]+ ){3}-?[\d.]+$/);
  });
});

describe("a parliament chart", () => {
  it("orders the same places from left to right", () => {
    for (const count of [27, 95]) {
      const plan = planSeats(count);
      const across = orderedAcross(plan);
      expect(new Set(across)).toEqual(new Set(plan.places));
      const side = (places: readonly Place[]) => places.reduce((sum, p) => sum + p.x, 0) / places.length;
      const third = Math.floor(count / 3);
      expect(side(across.slice(0, third))).toBeLessThan(side(across.slice(third, 2 * third)));
      expect(side(across.slice(third, 2 * third))).toBeLessThan(side(across.slice(2 * third)));
    }
  });
});

describe("a mark", () => {
  it("means a vote only where the contract says so", () => {
    expect([..."ynarpe."].map((m) => seatState(m, "ballot"))).toEqual([
      "yes",
      "no",
      "abstain",
      "received",
      "waiting",
      "excused",
      "absent",
    ]);
    expect(seatState("p", "attendance")).toBe("present");
    for (const odd of ["", "Y", "x", "?", "💥"]) expect(seatState(odd, "ballot")).toBe("absent");
  });

  it("has a shape of its own for each answer, so that colour is never needed", () => {
    const shapes = (["yes", "no", "abstain", "waiting", "absent"] as const).map(seatShape);
    expect(new Set(shapes).size).toBe(5);
    const paths = shapes.map((shape) => seatPath(shape, { x: 1, y: 2 }, 0.4));
    expect(new Set(paths).size).toBe(5);
    for (const path of paths) expect(path).toMatch(/^[MLaZ0-9 .-]+$/);
  });

  it("is counted", () => {
    const counts = countStates("yyna.ep", "ballot");
    expect(counts).toMatchObject({ yes: 2, no: 1, abstain: 1, waiting: 1, excused: 1, absent: 1, present: 0 });
  });
});

function nearest(plan: Plan): number {
  let least = Infinity;
  for (const [i, a] of plan.places.entries())
    for (const b of plan.places.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  return least;
}
