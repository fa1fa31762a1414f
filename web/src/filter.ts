// Which proposals are shown, and in what order.

import type { Garden } from "./data";
import type { Decisions } from "./decisions";

export type Column = "kind" | "pattern" | "target" | "type" | "confidence";

export interface Wish {
  words: string;
  kind: string;
  type: string;
  bed: number | undefined;
  atLeast: number;
  decided: string;
  pattern: number | undefined;
  column: Column | undefined;
  down: boolean;
}

export const EVERYTHING: Wish = {
  words: "",
  kind: "",
  type: "",
  bed: undefined,
  atLeast: 0,
  decided: "",
  pattern: undefined,
  column: undefined,
  down: false,
};

export interface Chosen {
  /** One proposal for each row. */
  rows: number[];
  /** How many proposals the rows stand for. */
  count: number;
}

/** What fits the wish, a merge in one row whatever files it is in; in the plan's order where no column is chosen. */
export function chosen(garden: Garden, decisions: Decisions, wish: Wish): Chosen {
  const found = fitting(garden, decisions, wish);
  const rows = [...new Set(found.map((i) => garden.leader(i)))];
  return { rows: wish.column ? sorted(garden, rows, wish.column, wish.down) : rows, count: found.length };
}

function fitting(garden: Garden, decisions: Decisions, wish: Wish): number[] {
  const needles = wish.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found: number[] = [];
  for (let i = 0; i < garden.size; i++) if (fits(garden, decisions, wish, needles, i)) found.push(i);
  return found;
}

function fits(garden: Garden, decisions: Decisions, wish: Wish, needles: string[], i: number): boolean {
  if (wish.kind && garden.kind(i) !== wish.kind) return false;
  if (wish.type && garden.type(i) !== wish.type) return false;
  if (garden.confidence(i) < wish.atLeast) return false;
  if (wish.bed !== undefined && garden.bed(garden.pattern(i)) !== wish.bed) return false;
  if (wish.pattern !== undefined && garden.pattern(i) !== wish.pattern && garden.target(i) !== wish.pattern) return false;
  if (wish.decided && (decisions.of(i) ?? "open") !== wish.decided) return false;
  return needles.every((needle) => garden.text(i).includes(needle));
}

function sorted(garden: Garden, found: number[], column: Column, down: boolean): number[] {
  const sign = down ? -1 : 1;
  if (column === "confidence") return found.sort((a, b) => sign * (garden.confidence(a) - garden.confidence(b)) || a - b);
  const name = { kind: garden.kindName, pattern: garden.place, target: garden.subject, type: garden.type }[column];
  const keys = new Map(found.map((i) => [i, name.call(garden, i).toLowerCase()]));
  return found.sort((a, b) => sign * compared(keys.get(a) ?? "", keys.get(b) ?? "") || a - b);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
