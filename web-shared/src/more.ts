// A box that scrolls by itself says by `data-more` that it goes on below what is in sight; the style fades its end.

/** Less than this is the rounding of a zoomed page, not a line of text. */
const HIDDEN_PX = 8;

/** For `{@attach more}`. */
export function more(box: HTMLElement): () => void {
  const look = (): void => {
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    box.toggleAttribute("data-more", below > HIDDEN_PX && getComputedStyle(box).overflowY !== "visible");
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(box);
  // What is in it grows without the box growing.
  const inside = new MutationObserver(look);
  inside.observe(box, { childList: true, subtree: true, characterData: true });
  box.addEventListener("scroll", look, { passive: true });
  look();
  return () => {
    sizes.disconnect();
    inside.disconnect();
    box.removeEventListener("scroll", look);
  };
}
