// The library from above: a dot for each pattern, a line for each pair that a link joins, drawn with WebGL by sigma.js.

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import { type Garden, visible } from "./data";
import { byId, counted, h, words } from "./dom";
import { finder } from "./find";
import { isDark } from "./theme";

type When = "before" | "after" | "change";
type State = "curated" | "kept" | "new" | "removed";
/** Left, top, right, bottom. */
type Box = [number, number, number, number];

interface Colours {
  ink: string;
  paper: string;
  noBed: string;
  beds: string[];
  edges: Record<State, [number, number, number]>;
}

// Paul Tol's "muted" and "light" schemes, which stay apart for colour-blind eyes.
const LIGHT: Colours = {
  ink: "#26332c",
  paper: "#fffefa",
  noBed: "#a9b2ab",
  beds: ["#117733", "#cc6677", "#332288", "#ddaa33", "#44aa99", "#882255", "#88ccee", "#999933", "#aa4499"],
  edges: { curated: [38, 51, 44], kept: [96, 110, 102], new: [14, 111, 124], removed: [184, 86, 15] },
};
const DARK: Colours = {
  ink: "#e6ebe4",
  paper: "#1d2520",
  noBed: "#67736b",
  beds: ["#44bb99", "#ee8866", "#77aadd", "#eedd88", "#99ddff", "#ffaabb", "#bbcc33", "#aaaa00", "#c9a6e4"],
  edges: { curated: [230, 235, 228], kept: [150, 164, 156], new: [85, 189, 203], removed: [243, 161, 95] },
};

const SHOWN: Record<When, State[]> = {
  before: ["curated", "kept", "removed"],
  after: ["curated", "kept", "new"],
  change: ["curated", "kept", "removed", "new"],
};
const STRENGTH: Record<State, number> = { curated: 0.5, kept: 0.8, new: 1, removed: 0.55 };
// Drawn in this order, the last on top.
const ORDER: State[] = ["curated", "kept", "removed", "new"];

export interface MapEvents {
  only(pattern: number): void;
}

export class GardenMap {
  private readonly graph = new Graph({ type: "undirected", multi: true });
  private readonly counts: Record<State, number> = { curated: 0, kept: 0, new: 0, removed: 0 };
  private sigma: Sigma | undefined;
  private when: When = "change";
  private layers = new Set<State>(["kept", "new", "removed"]);
  private lit: string[] = [];
  private pictures = 1;
  private labels: Box[] = [];
  private readonly names = byId("names");
  private readonly spot = byId("spot");
  private readonly field = byId("canvas");

  constructor(
    private readonly garden: Garden,
    private readonly events: MapEvents,
  ) {
    for (const state of garden.all.edges.state) this.counts[garden.all.edges.states[state] as State]++;
    this.wire();
    this.say();
  }

  /** Draws the map when it is about to come into sight. */
  start(): void {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        this.draw();
      },
      { rootMargin: "400px" },
    );
    watcher.observe(this.field);
  }

  /** Takes the colours that now hold. */
  recolour(): void {
    if (!this.sigma) return;
    const colours = this.colours;
    this.graph.updateEachNodeAttributes((_, node) => ({ ...node, color: colourOf(colours, node["bed"] as number) }), { attributes: ["color"] });
    this.graph.updateEachEdgeAttributes((_, edge) => ({ ...edge, color: this.edgeColour(edge["state"] as State) }), { attributes: ["color"] });
    this.sigma.setSetting("labelColor", { color: colours.ink });
    this.sigma.refresh();
  }

  /** Brings a pattern to the middle and tells about it. */
  show(pattern: number): void {
    this.draw();
    this.field.scrollIntoView({ block: "center" });
    const at = this.sigma?.getNodeDisplayData(String(pattern));
    if (!at) return;
    this.tell(pattern);
    void this.sigma?.getCamera().animate({ x: at.x, y: at.y, ratio: 0.22 }, { duration: calm() ? 0 : 400 });
  }

  private get colours(): Colours {
    return isDark() ? DARK : LIGHT;
  }

  private fill(): void {
    const { patterns, edges } = this.garden.all;
    const colours = this.colours;
    patterns.slug.forEach((_, i) => {
      const bed = patterns.bed[i] ?? -1;
      const [x, y] = [(patterns.x[i] ?? 0) / 1e4, (patterns.y[i] ?? 0) / 1e4];
      this.graph.addNode(i, { x, y, bed, size: this.size(i), color: colourOf(colours, bed), label: visible(this.garden.title(i)).slice(0, 80) });
    });
    const byState = new Map<State, number[]>(ORDER.map((state) => [state, []]));
    edges.state.forEach((state, i) => byState.get(edges.states[state] as State)?.push(i));
    for (const [state, places] of byState) {
      for (const i of places) {
        this.graph.addEdgeWithKey(`e${i}`, edges.left[i], edges.right[i], { state, size: 1, color: this.edgeColour(state), hidden: !this.isShown(state) });
      }
    }
  }

  /** A line's colour: the more lines there are, the fainter is each. Sigma blends colours multiplied by their alpha. */
  private edgeColour(state: State, alpha = STRENGTH[state] * this.faintness): string {
    const [red, green, blue] = this.colours.edges[state].map((part) => Math.round(part * alpha));
    return `rgba(${red},${green},${blue},${alpha.toFixed(3)})`;
  }

  private get faintness(): number {
    return Math.min(0.85, Math.max(0.14, 0.5 * Math.sqrt(1500 / Math.max(this.garden.all.edges.left.length, 1))));
  }

  private size(pattern: number): number {
    const held = this.when === "before" ? this.garden.all.patterns.before : this.garden.all.patterns.after;
    const room = Math.min(1, Math.sqrt((this.field.clientWidth || 900) / 900));
    const dense = (this.garden.all.patterns.slug.length > 600 ? 1.5 : 4) * room;
    return dense * (1 + 0.5 * Math.sqrt(held[pattern] ?? 0));
  }

  private isShown(state: State): boolean {
    return SHOWN[this.when].includes(state) && this.layers.has(state);
  }

  private draw(): void {
    if (this.sigma) return;
    if (!this.graph.order) this.fill();
    const settings: Partial<Settings> = {
      allowInvalidContainer: true,
      defaultEdgeType: "line",
      edgeProgramClasses: { line: EdgeLineProgram },
      defaultDrawNodeHover: (context, node) => this.drawHover(context, node),
      defaultDrawNodeLabel: (context, node) => this.drawLabel(context, node),
      labelColor: { color: this.colours.ink },
      labelFont: "system-ui, sans-serif",
      labelSize: 12,
      labelDensity: 0.5,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: 8,
      minCameraRatio: 0.04,
      maxCameraRatio: 1.6,
      stagePadding: this.isSmall ? 52 : 28,
    };
    try {
      this.sigma = new Sigma(this.graph, this.field, settings);
    } catch (error) {
      this.field.replaceChildren(h("p", { class: "notice" }, `The map needs WebGL, which this browser does not offer here (${String(error)}).`));
      return;
    }
    this.sigma.on("enterNode", ({ node }) => this.light(node));
    this.sigma.on("leaveNode", () => this.light(undefined));
    this.sigma.on("clickNode", ({ node }) => this.tell(Number(node)));
    this.sigma.on("clickStage", () => (this.spot.hidden = true));
    this.sigma.on("beforeRender", () => (this.labels = []));
    this.sigma.on("afterRender", () => this.rendered());
    this.rendered();
    this.tameWheel();
  }

  /** The wheel scrolls the page until the map has been clicked, or Ctrl is held. */
  private tameWheel(): void {
    let awake = false;
    this.field.addEventListener("pointerdown", () => (awake = true));
    this.field.addEventListener("pointerleave", () => (awake = false));
    this.field.addEventListener("wheel", (event) => !awake && !event.ctrlKey && !event.metaKey && event.stopPropagation(), { capture: true });
  }

  /** A pattern's name beside its dot, with the paper around it so that lines do not strike it through; none over another. */
  private drawLabel(context: CanvasRenderingContext2D, node: PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">): void {
    if (!node.label) return;
    const { ink, paper } = this.colours;
    context.font = "12px system-ui, sans-serif";
    const [left, base] = [node.x + node.size + 3, node.y + 4];
    const box: Box = [left - 2, base - 12, left + context.measureText(node.label).width + 2, base + 5];
    if (this.labels.some((other) => meet(box, other))) return;
    this.labels.push(box);
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = paper;
    context.strokeText(node.label, left, base);
    context.fillStyle = ink;
    context.fillText(node.label, left, base);
  }

  private drawHover(context: CanvasRenderingContext2D, node: PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">): void {
    const { ink, paper } = this.colours;
    context.font = "600 12px system-ui, sans-serif";
    const width = context.measureText(node.label ?? "").width;
    const [left, top] = [node.x + node.size + 5, node.y - 11];
    context.fillStyle = paper;
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(left, top, width + 14, 22, 4);
    context.fill();
    context.stroke();
    context.beginPath();
    context.arc(node.x, node.y, node.size + 1, 0, 2 * Math.PI);
    context.fillStyle = node.color;
    context.fill();
    context.stroke();
    context.fillStyle = ink;
    context.fillText(node.label ?? "", left + 7, node.y + 4);
  }

  /** Makes the links of one pattern stand out. */
  private light(node: string | undefined): void {
    for (const edge of this.lit) {
      this.graph.setEdgeAttribute(edge, "color", this.edgeColour(this.graph.getEdgeAttribute(edge, "state") as State));
    }
    if (node === undefined) delete this.field.dataset["over"];
    else this.field.dataset["over"] = this.garden.slug(Number(node));
    this.lit = node === undefined ? [] : this.graph.edges(node);
    for (const edge of this.lit) {
      this.graph.setEdgeAttribute(edge, "color", this.edgeColour(this.graph.getEdgeAttribute(edge, "state") as State, 1));
    }
  }

  private tell(pattern: number): void {
    const { patterns, beds } = this.garden.all;
    const [before, after] = [patterns.before[pattern] ?? 0, patterns.after[pattern] ?? 0];
    const bed = beds[this.garden.bed(pattern)];
    this.spot.replaceChildren(
      h("h3", {}, words(this.garden.title(pattern))),
      h("p", {}, bed ? words(bed) : "in no community of the map"),
      h("p", {}, `Led to by ${counted(before, "link")} before, ${after.toLocaleString("en")} after.`),
      h("button", { type: "button", class: "plain", click: () => this.events.only(pattern) }, "Its proposals"),
    );
    this.spot.hidden = false;
  }

  private rendered(): void {
    this.placeNames();
    this.field.dataset["drawn"] = String(this.pictures++);
  }

  private placeNames(): void {
    const sigma = this.sigma;
    if (!sigma) return;
    const { width, height } = sigma.getDimensions();
    const taken: Box[] = [];
    const shown = this.middles().flatMap(({ bed, x, y }) => {
      const at = sigma.graphToViewport({ x, y });
      if (this.isSmall) at.y -= 20;
      const name = visible(this.garden.all.beds[bed] ?? "").slice(0, 40);
      const half = name.length * 3.5 + 6;
      const box: Box = [at.x - half, at.y - 9, at.x + half, at.y + 9];
      if (box[0] < 2 || box[2] > width - 2 || box[1] < 2 || box[3] > height - 2) return [];
      if (taken.some((other) => meet(box, other))) return [];
      taken.push(box);
      const element = h("span", {}, words(name));
      element.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
      return [element];
    });
    this.names.replaceChildren(...shown);
  }

  private found: { bed: number; x: number; y: number }[] | undefined;

  /** In a small library names stand above their beds: in the middle they would cover the patterns. */
  private get isSmall(): boolean {
    return this.garden.all.patterns.slug.length < 300;
  }

  /** The middle of each bed: the median of its members, so that a stray does not pull the name away. */
  private middles(): { bed: number; x: number; y: number }[] {
    const { beds, patterns } = this.garden.all;
    this.found ??= beds.map((_, bed) => {
      const members = patterns.bed.flatMap((own, i) => (own === bed ? [i] : []));
      const middle = (values: number[]): number => {
        const sorted = members.map((i) => values[i] ?? 0).sort((a, b) => a - b);
        return (sorted[Math.floor(sorted.length / 2)] ?? 0) / 1e4;
      };
      const top = Math.max(...members.map((i) => patterns.y[i] ?? 0)) / 1e4;
      return { bed, x: middle(patterns.x), y: this.isSmall ? top : middle(patterns.y) };
    });
    return this.found;
  }

  private wire(): void {
    const tools = byId<HTMLFormElement>("map-tools");
    tools.addEventListener("submit", (event) => event.preventDefault());
    for (const radio of tools.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      radio.addEventListener("change", () => this.change(() => (this.when = radio.value as When)));
    }
    for (const box of tools.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
      box.addEventListener("change", () => this.change(() => this.layers[box.checked ? "add" : "delete"](box.value as State)));
    }
    byId("closer").addEventListener("click", () => void this.sigma?.getCamera().animatedZoom({ duration: 200 }));
    byId("farther").addEventListener("click", () => void this.sigma?.getCamera().animatedUnzoom({ duration: 200 }));
    byId("whole").addEventListener("click", () => void this.sigma?.getCamera().animatedReset({ duration: 300 }));
    finder("find", "found", this.garden, (pattern) => this.show(pattern));
  }

  private change(how: () => void): void {
    how();
    this.graph.updateEachEdgeAttributes((_, edge) => ({ ...edge, hidden: !this.isShown(edge["state"] as State) }), { attributes: ["hidden"] });
    this.graph.updateEachNodeAttributes((node, attributes) => ({ ...attributes, size: this.size(Number(node)) }), { attributes: ["size"] });
    this.sigma?.refresh();
    this.say();
  }

  private say(): void {
    const states = SHOWN[this.when].filter((state) => this.layers.has(state) && this.counts[state]);
    const names: Record<State, string> = { curated: "curated", kept: "untouched", new: "new", removed: "pruned" };
    const told = states.map((state) => `${this.counts[state].toLocaleString("en")} ${names[state]}`).join(", ") || "none";
    byId("map-count").textContent = `${counted(this.garden.all.patterns.slug.length, "pattern")}; pairs joined: ${told}`;
  }
}

function colourOf(colours: Colours, bed: number): string {
  return bed < 0 ? colours.noBed : (colours.beds[bed % colours.beds.length] ?? colours.noBed);
}

function meet(one: Box, other: Box): boolean {
  return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
}

function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
