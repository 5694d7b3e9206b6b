// Where the seats of a hall stand, and which shape each mark has. Pure: no DOM, no state.
//
// Lengths are in units of one: the distance between two rows. A page scales them by the SVG's viewBox.

export interface Place {
  readonly x: number;
  /** Downwards, as in SVG. */
  readonly y: number;
}

export type Layout = "hemicycle" | "rows";

export interface Plan {
  readonly layout: Layout;
  /** One per seat: row by row, the innermost (or front) row first, from left to right. */
  readonly places: readonly Place[];
  /** Radius of a seat's disc. */
  readonly size: number;
  /** x, y, width, height of the drawing: what the viewBox must hold. */
  readonly box: readonly [number, number, number, number];
}

/** What a seat can show. `apart`: the ballot is put to others. `present` is lit when marks tell attendance; in a ballot it is somebody who has not voted. */
export type SeatState = "yes" | "no" | "abstain" | "received" | "waiting" | "present" | "excused" | "absent" | "apart";

export type SeatShape = "disc" | "diamond" | "ring" | "hollow" | "dot";

/** What the marks speak of: who is in the hall, or how a ballot stands. */
export type MarksOf = "attendance" | "ballot";

/** From this number of seats on a hall is drawn as a hemicycle: fewer make a thin, broken arc. */
export const HEMICYCLE_FROM = 40;

/** The largest number of seats drawn; more would be smaller than a pixel on a phone. */
export const MOST_SEATS = 2000;

/** Radius of the hole over the outer radius: leaves room for a figure in the hollow. */
const HOLE = 0.47;

/** A seat's radius over the distance to its nearest neighbour. */
const FILL = 0.415;

/** Width of the aisle between the two blocks of straight rows, beyond one seat's distance. */
const AISLE = 0.9;

/** A diamond of the same radius looks smaller than a disc; this gives both the same weight to the eye. */
const DIAMOND = 1.2;

export function planSeats(count: number, layout: Layout = layoutFor(count)): Plan {
  const seats = Math.min(MOST_SEATS, Math.max(0, Math.floor(Number.isFinite(count) ? count : 0)));
  return layout === "hemicycle" && seats > 1 ? hemicycle(seats) : rows(seats);
}

export function layoutFor(count: number): Layout {
  return count >= HEMICYCLE_FROM ? "hemicycle" : "rows";
}

/**
 * The same places in the order of a parliament chart: wedge by wedge from left to right, so that sorted marks make
 * connected blocks.
 */
export function orderedAcross(plan: Plan): readonly Place[] {
  const key = plan.layout === "hemicycle" ? (p: Place) => -Math.atan2(-p.y, p.x) : (p: Place) => p.x;
  return [...plan.places].sort((a, b) => key(a) - key(b) || a.y - b.y);
}

/** What a mark of `SeatsView.marks` means. Unknown marks count as absent: they must never look like a vote. */
export function seatState(mark: string, of: MarksOf): SeatState {
  switch (mark) {
    case "y":
      return "yes";
    case "n":
      return "no";
    case "a":
      return "abstain";
    case "r":
      return "received";
    case "p":
      return of === "ballot" ? "waiting" : "present";
    case "e":
      return "excused";
    case "-":
      return "apart";
    default:
      return "absent";
  }
}

/** Shape carries the meaning as much as colour does. */
export function seatShape(state: SeatState): SeatShape {
  switch (state) {
    case "yes":
    case "received":
    case "present":
      return "disc";
    case "no":
      return "diamond";
    case "abstain":
      return "ring";
    case "waiting":
    case "excused":
      return "hollow";
    case "absent":
    case "apart":
      return "dot";
  }
}

/** SVG path data of one seat. Holes run the other way round, so the default fill rule leaves them open. */
export function seatPath(shape: SeatShape, place: Place, size: number): string {
  const { x, y } = place;
  switch (shape) {
    case "disc":
      return circle(x, y, size);
    case "diamond": {
      const k = size * DIAMOND;
      return `M${r3(x)} ${r3(y - k)}L${r3(x + k)} ${r3(y)}L${r3(x)} ${r3(y + k)}L${r3(x - k)} ${r3(y)}Z`;
    }
    case "ring":
      return circle(x, y, size) + hole(x, y, size * 0.5);
    case "hollow":
      return circle(x, y, size) + hole(x, y, size * 0.79);
    case "dot":
      return circle(x, y, size * 0.35);
  }
}

export function viewBox(plan: Plan): string {
  return plan.box.map(r3).join(" ");
}

/** How many seats are in each state. */
export function countStates(marks: string, of: MarksOf): Record<SeatState, number> {
  const counts: Record<SeatState, number> = {
    yes: 0,
    no: 0,
    abstain: 0,
    received: 0,
    waiting: 0,
    present: 0,
    excused: 0,
    absent: 0,
    apart: 0,
  };
  for (const mark of marks) counts[seatState(mark, of)] += 1;
  return counts;
}

/**
 * Rows one unit apart, as many as bring the hole nearest to `HOLE`; seats are shared out by radius (largest
 * remainder), and both ends of every row stand on the base line.
 */
function hemicycle(count: number): Plan {
  const { rowCount, inner } = rowsOfHemicycle(count);
  const radii = Array.from({ length: rowCount }, (_, i) => inner + i);
  const shares = shareOut(count, radii);
  const pitch = radii.reduce((least, radius, i) => Math.min(least, spacing(radius, shares[i] ?? 0)), 1);
  const size = pitch * FILL;
  const places = radii.flatMap((radius, i) => arc(radius, shares[i] ?? 0));
  const outer = inner + rowCount - 1 + size;
  return { layout: "hemicycle", places, size, box: [-outer, -outer, 2 * outer, outer + size] };
}

function rowsOfHemicycle(count: number): { rowCount: number; inner: number } {
  let best = { rowCount: 1, inner: Math.max(1, (count - 1) / Math.PI), miss: Infinity };
  for (let rowCount = 1; rowCount <= 24; rowCount++) {
    // The seats at distance one on all rows make up the count: Σ (π·radius + 1) = count, solved for the inner radius.
    const inner = ((count - rowCount) / Math.PI - (rowCount * (rowCount - 1)) / 2) / rowCount;
    if (inner <= 0.5) break;
    const miss = Math.abs(inner / (inner + rowCount - 1) - HOLE);
    if (miss < best.miss) best = { rowCount, inner, miss };
  }
  return best;
}

function shareOut(count: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((w) => (count * w) / sum);
  const shares = exact.map(Math.floor);
  const byRemainder = exact.map((e, i) => [e - Math.floor(e), i] as const).sort((a, b) => b[0] - a[0]);
  const left = count - shares.reduce((a, b) => a + b, 0);
  for (const [, i] of byRemainder.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1;
  return shares;
}

function spacing(radius: number, seats: number): number {
  return seats > 1 ? (Math.PI * radius) / (seats - 1) : Infinity;
}

function arc(radius: number, seats: number): Place[] {
  return Array.from({ length: seats }, (_, j) => {
    const angle = seats > 1 ? Math.PI * (1 - j / (seats - 1)) : Math.PI / 2;
    return { x: radius * Math.cos(angle), y: -radius * Math.sin(angle) };
  });
}

/** Straight rows in two blocks with an aisle; a short last row fills from the aisle. */
function rows(count: number): Plan {
  const half = Math.max(2, Math.round(Math.sqrt(count * 3.2) / 2));
  const perRow = 2 * half;
  const width = perRow - 1 + AISLE;
  const last = Math.max(0, Math.ceil(count / perRow) - 1);
  const places = Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / perRow);
    const inRow = Math.min(perRow, count - row * perRow);
    const column = (i % perRow) + half - Math.ceil(inRow / 2);
    return { x: column + (column >= half ? AISLE : 0) - width / 2, y: row };
  });
  return { layout: "rows", places, size: FILL, box: [-width / 2 - FILL, -FILL, width + 2 * FILL, last + 2 * FILL] };
}

function circle(x: number, y: number, radius: number): string {
  const r = r3(radius);
  return `M${r3(x - radius)} ${r3(y)}a${r} ${r} 0 1 0 ${r3(2 * radius)} 0a${r} ${r} 0 1 0 ${r3(-2 * radius)} 0Z`;
}

function hole(x: number, y: number, radius: number): string {
  const r = r3(radius);
  return `M${r3(x - radius)} ${r3(y)}a${r} ${r} 0 1 1 ${r3(2 * radius)} 0a${r} ${r} 0 1 1 ${r3(-2 * radius)} 0Z`;
}

/** A thousandth of a row is far below a pixel; shorter numbers keep 500 paths small. */
function r3(x: number): number {
  return Math.round(x * 1000) / 1000 || 0;
}
