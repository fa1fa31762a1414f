// A file's change as a reader knows it from a review: signs, colours, and the lines of this proposal marked.

import { visible } from "./data";
import { h } from "./dom";

const LONGEST = 2000;

/** The unified diff, whose changed items that name ``marked`` stand out. */
export function diff(hunks: string, path: string, marked: string[]): HTMLElement {
  const lines = hunks.replace(/\n$/, "").split("\n");
  const own = ownLines(lines, marked.filter(Boolean));
  const shown = lines.map((text, i) => line(text, own.has(i)));
  return h(
    "div",
    { class: "diff", role: "group", "aria-label": "Change of the file" },
    h("p", { class: "path" }, h("bdi", {}, visible(path))),
    h("div", { class: "lines", tabindex: 0, role: "region", "aria-label": "Lines" }, ...shown),
  );
}

/** Changed lines of list items (a line with a dash and those below it that belong to it) in which a name occurs. */
function ownLines(lines: string[], names: string[]): Set<number> {
  const own = new Set<number>();
  let item: number[] = [];
  let sign = "";
  const close = (): void => {
    const text = item.map((i) => lines[i] ?? "").join("\n");
    if (names.some((name) => text.includes(name))) for (const i of item) own.add(i);
    item = [];
  };
  lines.forEach((text, i) => {
    const first = text[0] ?? " ";
    if (first !== sign || /^[+-]\s*-\s/.test(text)) close();
    sign = first;
    if (first === "+" || first === "-") item.push(i);
  });
  close();
  return own;
}

function line(text: string, own: boolean): HTMLElement {
  const sign = text[0] ?? " ";
  const kind = sign === "+" ? "ins" : sign === "-" ? "del" : sign === "@" ? "at" : "same";
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)} … ${(text.length - LONGEST).toLocaleString("en")} more characters` : text;
  const name = kind === "ins" ? "ins" : kind === "del" ? "del" : "div";
  return h(name, { class: `line ${kind}${own ? " own" : ""}` }, visible(cut) || " ");
}
