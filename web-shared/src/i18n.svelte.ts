// Two languages side by side. A catalogue holds both; a key missing in either one fails the type check, and so does a
// parameter that a text needs and a caller forgot. Switching needs no reload.

export type Lang = "vi" | "en";

const STORED = "dienhong.lang";

class Language {
  #current = $state<Lang>(stored());

  get current(): Lang {
    return this.#current;
  }

  set current(lang: Lang) {
    this.#current = lang;
    show(lang);
    try {
      localStorage.setItem(STORED, lang);
    } catch {
      // Storage may be switched off; the choice then lasts as long as the page.
    }
  }
}

/** The language of this browser's pages. Assign to switch. */
export const lang = new Language();
show(lang.current);

/** The `{name}` places of a text. `{n|one|many}` chooses a word by the number `n`. */
type Places<T extends string> = T extends `${string}{${infer P}}${infer Rest}`
  ? (P extends `${infer N}|${string}` ? N : P) | Places<Rest>
  : never;
type Params<T extends string> = [Places<T>] extends [never] ? [] : [params: { [K in Places<T>]: string | number }];

export type Translate<V extends Record<string, string>> = <K extends keyof V & string>(key: K, ...params: Params<V[K]>) => string;

export type Catalogue<V extends Record<string, string>> = Translate<V> & {
  /** For a key that comes from the server: the text, or `undefined` when there is none. */
  maybe(key: string): string | undefined;
  readonly texts: { vi: V; en: { [K in keyof V]: string } };
};

/** Vietnamese comes first and defines the keys. */
export function catalogue<const V extends Record<string, string>>(texts: { vi: V; en: { [K in keyof V]: string } }): Catalogue<V> {
  const t = (key: string, params?: Record<string, string | number>): string => fill(texts[lang.current][key as keyof V], params ?? {});
  return Object.assign(t as Translate<V>, {
    texts,
    maybe: (key: string): string | undefined => (Object.hasOwn(texts.vi, key) ? texts[lang.current][key as keyof V] : undefined),
  });
}

/** Part of a catalogue that is kept in several files. */
export function bothLanguages<const V extends Record<string, string>>(texts: { vi: V; en: { [K in keyof V]: string } }): typeof texts {
  return texts;
}

function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined || many === undefined) return String(value);
    return Number(value) === 1 ? one : many;
  });
}

function stored(): Lang {
  try {
    return localStorage.getItem(STORED) === "en" ? "en" : "vi";
  } catch {
    return "vi";
  }
}

function show(lang: Lang): void {
  if (typeof document !== "undefined") document.documentElement.lang = lang;
}
