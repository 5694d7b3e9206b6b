// Finding a person by a few typed letters, without marks and in any order of words.

import type { PersonView } from "@dienhong/web-shared/wire.ts";

/** Every typed word must begin a word of the name, or be the seat. */
export function matches(person: PersonView, query: string): boolean {
  const words = plain(query).split(" ").filter((word) => word !== "");
  const names = plain(person.name).split(" ");
  const seat = plain(person.seat ?? "");
  return words.every((word) => seat === word || names.some((name) => name.startsWith(word)));
}

/** Lower case, without marks: `Đặng` and `dang` are the same. */
export function plain(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/[\s,]+/g, " ").trim();
}
