// Where my vote in the running ballot stands, for whatever buttons its form asks for.

export type Casting = {
  /** Nothing can be chosen now. */
  locked: boolean;
  /** What is under way. */
  sending: readonly string[] | null;
  /** What is recorded. */
  recorded: readonly string[] | null;
};

export function sameAnswers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}

/** Another tap on a name: off the list, or onto it where there is room. `null`: the list is full. */
export function toggled(picked: readonly string[], key: string, places: number): string[] | null {
  if (picked.includes(key)) return picked.filter((one) => one !== key);
  return picked.length < places ? [...picked, key] : null;
}
