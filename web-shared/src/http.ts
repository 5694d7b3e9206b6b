// JSON over HTTP with the protocol's problems as one error type.

import type { Problem } from "./wire.ts";

/** An answer that was not 2xx; `code` is in the catalogue of refusals. `no_answer` when there was none at all. */
export class HttpProblem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly problem: Problem | null,
  ) {
    super(code);
  }
}

/** Long enough for a slow hall network, short enough that a person still stands before the screen. */
const TIMEOUT_MS = 15_000;

export function getJson<T>(path: string): Promise<T> {
  return request<T>(path, {});
}

export function postJson<Body, T>(path: string, body: Body): Promise<T> {
  return request<T>(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

export async function getText(path: string): Promise<string> {
  return (await answer(path, {})).text();
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  return (await (await answer(path, init)).json()) as T;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new HttpProblem("no_answer", 0, null);
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  throw new HttpProblem(problem?.code ?? "internal", response.status, problem);
}
