// The words and minutes of cards.

/** Whole minutes of a countdown, 1 to 600 (a day's sitting); `null` for anything else. */
export function cardMinutes(typed: string): number | null {
  const minutes = Number(typed.trim());
  return typed.trim() !== "" && Number.isInteger(minutes) && minutes >= 1 && minutes <= 600 ? minutes : null;
}
