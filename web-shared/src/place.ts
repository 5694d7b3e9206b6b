// Which council a page belongs to: production paths are `/c/<council>/<page>`.

export function councilFromPath(path: string = location.pathname): string | null {
  return /^\/c\/([a-z0-9][a-z0-9._-]{0,39})(?:\/|$)/.exec(path)?.[1] ?? null;
}

export function socketUrl(council: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/c/${council}/ws`;
}
