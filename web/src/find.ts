// A field that finds a pattern by its title or slug, with the first hits as suggestions.

import { type Garden, visible } from "./data";
import { byId, h } from "./dom";

const MOST = 12;

/** Calls ``found`` with a pattern as soon as its whole title stands in the field, or with the first hit on Enter. */
export function finder(input: string, list: string, garden: Garden, found: (pattern: number) => void): void {
  const field = byId<HTMLInputElement>(input);
  field.addEventListener("input", () => {
    const hits = matches(garden, field.value);
    byId(list).replaceChildren(...hits.map((i) => h("option", { value: visible(garden.title(i)) })));
    const exact = hits.find((i) => visible(garden.title(i)) === field.value);
    if (exact !== undefined) found(exact);
  });
  field.addEventListener("keydown", (event) => {
    const first = event.key === "Enter" ? matches(garden, field.value)[0] : undefined;
    if (first !== undefined) found(first);
  });
}

function matches(garden: Garden, words: string): number[] {
  const needle = words.trim().toLowerCase();
  const hits: number[] = [];
  for (let i = 0; needle && i < garden.all.patterns.slug.length && hits.length < MOST; i++) {
    if (garden.title(i).toLowerCase().includes(needle) || garden.slug(i).includes(needle)) hits.push(i);
  }
  return hits;
}
