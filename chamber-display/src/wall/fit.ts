// Long titles: measured, not counted. A text is set in the largest size in which it fits its box; if even the smallest is
// too large, it ends with an ellipsis after a whole word. The full text is on every tablet and in the papers.

import type { Attachment } from "svelte/attachments";

/** Sizes are `[data-step="0"]` (largest) to `[data-step="<steps - 1>"]` in styles/; the box is the element's max-height. */
export function fit(text: string, steps: number): Attachment<HTMLElement> {
  return (node) => {
    const set = () => fitText(node, text, steps);
    set();
    const observer = new ResizeObserver(set);
    // The parent, not the node: the node's own height changes with every try.
    observer.observe(node.parentElement ?? node);
    let live = true;
    void document.fonts.ready.then(() => live && set());
    return () => {
      live = false;
      observer.disconnect();
    };
  };
}

function fitText(node: HTMLElement, text: string, steps: number): void {
  node.textContent = text;
  for (let step = 0; step < steps; step++) {
    node.dataset["step"] = String(step);
    if (fits(node)) return;
  }
  const words = text.split(/\s+/u);
  let least = 1;
  let most = words.length - 1;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    node.textContent = shortened(words, middle);
    if (fits(node)) least = middle;
    else most = middle - 1;
  }
  node.textContent = shortened(words, least);
}

function shortened(words: readonly string[], count: number): string {
  return `${words.slice(0, count).join(" ").replace(/[\s,;:.–-]+$/u, "")}…`;
}

/** One pixel of slack: heights are rounded differently for the box and for what is in it. */
function fits(node: HTMLElement): boolean {
  return node.scrollHeight <= node.clientHeight + 1 && node.scrollWidth <= node.clientWidth + 1;
}
