/** Read by the dialog as it opens; set by hand because the attribute on a page's element would move the page's focus. */
export function autofocus(node: HTMLElement): void {
  node.setAttribute("autofocus", "");
}
