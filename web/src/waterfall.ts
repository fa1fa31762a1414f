// How a confidence came about: each signal's share points of the score, one after the other, down to the sum.

import { h, s } from "./dom";

export interface Share {
  name: string;
  share: number;
  deviations: number | undefined;
}

/** From points to places along the picture; ``room`` is kept for names. */
type Scale = ((value: number) => number) & { room: number };

const MEANINGS: Record<string, string> = {
  lexical: "uses the same words",
  topic: "is about the same topics",
  phrase: "uses the same phrases",
  mention: "speaks of the other by name",
  meaning: "means much the same, to the embedding model",
  "common neighbours": "both are linked to the same patterns, rare ones counting more",
  paths: "short ways lead from one to the other",
  "look-alikes": "patterns like one are linked to the other",
  namesakes: "patterns of like names are linked",
  constant: "where every pair starts: few pairs are linked",
};

const ROW = 26;
const MOST = 8;
const WIDTH = 500;
const FIGURE = 48;

/** A picture and, for those who do not see it, the same as a list. */
export function waterfall(shares: Share[]): HTMLElement {
  const sorted = gathered([...shares].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)));
  const name = Math.min(210, 18 + 7.2 * Math.max(...sorted.map((each) => each.name.length)));
  const scale = scaleOf(sorted, name);
  let sum = 0;
  const rows = sorted.map((each, place) => {
    const from = sum;
    sum += each.share;
    return bar(each, place, from, sum, scale);
  });
  const height = ROW * (rows.length + 1) + 4;
  const total = s("g", {}, ...line("all", rows.length, 0, sum, scale, "sum", points(sum).replace("+", "= ")));
  const zero = s("line", { class: "zero", x1: scale(0), x2: scale(0), y1: 0, y2: height });
  const picture = s("svg", { class: "waterfall", viewBox: `0 0 ${WIDTH} ${height}`, "aria-hidden": "true" }, zero, ...rows, total);
  const list = h("ul", { class: "unseen" }, ...sorted.map((each) => h("li", {}, spoken(each))));
  return h("div", {}, picture as unknown as Node, list);
}

/** The largest shares, and the sum of the others as one. */
function gathered(sorted: Share[]): Share[] {
  if (sorted.length <= MOST + 1) return sorted;
  const rest = sorted.slice(MOST);
  const share = rest.reduce((sum, each) => sum + each.share, 0);
  return [...sorted.slice(0, MOST), { name: `${rest.length} others`, share, deviations: undefined }];
}

function scaleOf(sorted: Share[], name: number): Scale {
  let sum = 0;
  const ends = [0, ...sorted.map((each) => (sum += each.share))];
  const low = Math.min(...ends);
  const high = Math.max(...ends, low + 1e-6);
  return Object.assign((value: number) => name + ((value - low) / (high - low)) * (WIDTH - name - FIGURE - 8), { room: name });
}

function bar(each: Share, place: number, from: number, to: number, scale: Scale): SVGElement {
  const title = s("title", {}, spoken(each));
  const kind = each.share >= 0 ? "for" : "against";
  return s("g", {}, title, ...line(each.name, place, from, to, scale, kind, points(each.share)));
}

function line(name: string, place: number, from: number, to: number, scale: Scale, kind: string, figure: string): SVGElement[] {
  const y = place * ROW;
  const [left, right] = [scale(Math.min(from, to)), scale(Math.max(from, to))];
  return [
    s("text", { class: kind === "sum" ? "name strong" : "name", x: scale.room - 8, y: y + 17 }, name),
    s("rect", { class: kind, x: left, y: y + 5, width: Math.max(right - left, 1), height: ROW - 9, rx: 2 }),
    s("line", { class: "step", x1: scale(to), x2: scale(to), y1: y + 5, y2: y + ROW + (kind === "sum" ? -4 : 5) }),
    s("text", { class: "figure", x: WIDTH - 2, y: y + 17 }, figure),
  ];
}

function points(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(2)}`;
}

function spoken(each: Share): string {
  const meaning = MEANINGS[each.name] ? ` (${MEANINGS[each.name]})` : "";
  const told = `${each.name}${meaning}: ${points(each.share)} points of the score`;
  if (each.deviations === undefined) return told;
  return `${told}, measured ${each.deviations < 0 ? "−" : ""}${Math.abs(each.deviations).toFixed(1)} against the usual pair`;
}
