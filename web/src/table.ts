// The table of proposals: only the rows in sight exist, whatever their number.

import type { Garden } from "./data";
import type { Decisions, Verdict } from "./decisions";
import { byId, h, words } from "./dom";
import type { Column } from "./filter";

const SPARE = 6;

const COLUMNS: [Column, string][] = [
  ["kind", "Change"],
  ["type", "Type"],
  ["pattern", "Pattern"],
  ["target", "What"],
  ["confidence", "Confidence"],
];

export interface TableEvents {
  open(proposal: number): void;
  decide(proposal: number, verdict: Verdict): void;
  sort(column: Column): void;
}

export class Table {
  private order: number[] = [];
  private active = 0;
  private opened = -1;
  private readonly drawn = new Map<number, HTMLElement>();
  private readonly grid = byId("grid");
  private readonly body = byId("rows");
  private readonly heads = byId("heads");

  constructor(
    private readonly garden: Garden,
    private readonly decisions: Decisions,
    private readonly events: TableEvents,
  ) {
    this.grid.addEventListener("scroll", () => this.draw(), { passive: true });
    this.grid.addEventListener("focus", () => this.mark());
    this.body.addEventListener("click", (event) => this.clicked(event));
    new ResizeObserver(() => this.redraw()).observe(this.grid);
  }

  /** Shows these proposals. The active row stays where its proposal is still shown. */
  show(order: number[], column: Column | undefined, down: boolean): void {
    const was = this.order[this.active];
    this.order = order;
    const still = was === undefined ? -1 : order.indexOf(was);
    this.active = Math.max(still, 0);
    this.grid.setAttribute("aria-rowcount", String(order.length + 1));
    this.head(column, down);
    if (still < 0) this.grid.scrollTop = 0;
    this.redraw();
  }

  get current(): number | undefined {
    return this.order[this.active];
  }

  get shown(): readonly number[] {
    return this.order;
  }

  set open(proposal: number) {
    this.opened = proposal;
    this.redraw();
  }

  focus(): void {
    this.grid.focus({ preventScroll: true });
  }

  move(by: number): void {
    this.go(this.active + by);
  }

  go(index: number): void {
    this.active = Math.max(0, Math.min(this.order.length - 1, index));
    this.reveal();
    this.draw();
    this.mark();
  }

  goTo(proposal: number): boolean {
    const index = this.order.indexOf(proposal);
    if (index >= 0) this.go(index);
    return index >= 0;
  }

  get page(): number {
    return Math.max(1, Math.floor((this.grid.clientHeight - this.heads.offsetHeight) / this.height) - 1);
  }

  redraw(): void {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.body.style.height = `${this.order.length * this.height}px`;
    this.draw();
    this.mark();
  }

  private get height(): number {
    return parseFloat(getComputedStyle(this.grid).getPropertyValue("--row")) || 60;
  }

  private reveal(): void {
    const top = this.active * this.height;
    const room = this.grid.clientHeight - this.heads.offsetHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (top + this.height > this.grid.scrollTop + room) this.grid.scrollTop = top + this.height - room;
  }

  private draw(): void {
    const height = this.height;
    const first = Math.max(0, Math.floor(this.grid.scrollTop / height) - SPARE);
    const last = Math.min(this.order.length, Math.ceil((this.grid.scrollTop + this.grid.clientHeight) / height) + SPARE);
    for (const [index, row] of this.drawn) {
      if (index < first || index >= last) {
        row.remove();
        this.drawn.delete(index);
      }
    }
    for (let index = first; index < last; index++) {
      if (this.drawn.has(index)) continue;
      const row = this.row(index);
      row.style.transform = `translateY(${index * height}px)`;
      this.drawn.set(index, row);
      // The order of the elements is that of the rows, as screen readers walk through them.
      this.body.insertBefore(row, this.drawn.get(index + 1) ?? null);
    }
  }

  private mark(): void {
    for (const [index, row] of this.drawn) row.classList.toggle("active", index === this.active);
    if (this.drawn.has(this.active)) this.grid.setAttribute("aria-activedescendant", `row-${this.active}`);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  private head(column: Column | undefined, down: boolean): void {
    const cells = COLUMNS.map(([key, name]) => {
      const sorted = key === column ? (down ? "descending" : "ascending") : "none";
      const arrow = sorted === "none" ? "" : down ? " ↓" : " ↑";
      const button = h("button", { type: "button", tabindex: -1, click: () => this.events.sort(key) }, name, h("span", { "aria-hidden": "true" }, arrow));
      return h("div", { role: "columnheader", class: `cell ${key}`, "aria-sort": sorted }, button);
    });
    this.heads.replaceChildren(h("div", { role: "columnheader", class: "cell ticks" }, h("span", { class: "unseen" }, "Decision")), ...cells);
  }

  private row(index: number): HTMLElement {
    const proposal = this.order[index] ?? 0;
    const { garden } = this;
    const verdict = this.decisions.of(proposal);
    const classes = ["row", verdict ?? "open", proposal === this.opened ? "opened" : "", index % 2 ? "odd" : ""];
    return h(
      "div",
      { role: "row", id: `row-${index}`, class: classes.join(" "), "aria-rowindex": index + 2, "aria-selected": proposal === this.opened },
      h("div", { role: "gridcell", class: "cell ticks" }, tick("accepted", verdict), tick("rejected", verdict)),
      h("div", { role: "gridcell", class: "cell kind" }, h("span", { class: `tag ${garden.kind(proposal).split("_")[0]}` }, garden.kindName(proposal))),
      h("div", { role: "gridcell", class: "cell type" }, words(garden.type(proposal).replaceAll("_", " "))),
      h("div", { role: "gridcell", class: "cell pattern" }, words(garden.place(proposal).slice(0, 200))),
      h("div", { role: "gridcell", class: `cell target${garden.isLink(proposal) ? " link" : ""}` }, words(garden.subject(proposal).slice(0, 200))),
      h("div", { role: "gridcell", class: "cell confidence" }, meter(garden.confidence(proposal))),
      h("div", { role: "gridcell", class: "cell reason" }, words(garden.reason(proposal).slice(0, 400))),
    );
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    const index = Number(target.closest(".row")?.id.slice("row-".length) ?? NaN);
    const proposal = this.order[index];
    if (proposal === undefined) return;
    this.active = index;
    const verdict = target.closest<HTMLElement>("button.tick")?.dataset["verdict"];
    if (verdict) this.events.decide(proposal, verdict as Verdict);
    else this.events.open(proposal);
    this.mark();
  }
}

function tick(verdict: Verdict, now: Verdict | undefined): HTMLElement {
  const name = verdict === "accepted" ? "Accept" : "Reject";
  return h(
    "button",
    { type: "button", tabindex: -1, class: `tick ${verdict}`, "data-verdict": verdict, "aria-pressed": now === verdict, "aria-label": name, title: name },
    verdict === "accepted" ? "✓" : "✕",
  );
}

/** A confidence as a figure with a bar. */
export function meter(percent: number): HTMLElement {
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, h("span", {}));
  (bar.firstElementChild as HTMLElement).style.width = `${percent}%`;
  return h("span", { class: "meter" }, h("span", { class: "figure" }, `${percent} %`), bar);
}
