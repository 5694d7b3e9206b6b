/** Set while the page has no connection: when the last state it shows was true, in server time. */
export interface Stale {
  asOf: number | null;
}
