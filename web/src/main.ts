// Wires the page: what is read first is shown first, the evidence is unpacked while the reader looks.

import { type Details, Garden, KINDS, type Overview, unpack, visible } from "./data";
import { Decisions, type Verdict } from "./decisions";
import { Detail } from "./detail";
import { byId, counted, h, words } from "./dom";
import { finder } from "./find";
import { EVERYTHING, type Wish, chosen } from "./filter";
import { GardenMap } from "./map";
import { Table } from "./table";
import { startTheme } from "./theme";

const MOST_PRINTED = 400;

class Page {
  private wish: Wish = { ...EVERYTHING };
  private readonly decisions: Decisions;
  private readonly table: Table;
  private readonly detail: Detail;
  private readonly map: GardenMap;

  constructor(private readonly garden: Garden) {
    this.decisions = new Decisions(garden, () => this.decided());
    this.table = new Table(garden, this.decisions, {
      open: (proposal) => this.open(proposal, true),
      decide: (proposal, verdict) => this.toggle(proposal, verdict),
      sort: (column) => this.update({ column, down: this.wish.column === column ? !this.wish.down : column === "confidence" }),
    });
    this.detail = new Detail(garden, this.decisions, {
      decide: (proposal, verdict) => this.decisions.decide([proposal], verdict),
      open: (proposal) => this.jump(proposal),
      onMap: (pattern) => this.map.show(pattern),
      only: (pattern) => this.only(pattern),
      close: () => this.close(),
    });
    this.map = new GardenMap(garden, { only: (pattern) => this.only(pattern) });
    this.fillTools();
    this.wireTools();
    this.wireKeys();
    this.update({});
    this.decided();
    startTheme(() => this.map.recolour());
    this.map.start();
    addEventListener("beforeprint", () => this.print());
    addEventListener("afterprint", () => byId("rows").querySelector(".printed")?.remove());
  }

  set details(details: Details) {
    this.detail.content = details;
  }

  private update(change: Partial<Wish>): void {
    this.wish = { ...this.wish, ...change };
    const { rows, count } = chosen(this.garden, this.decisions, this.wish);
    this.table.show(rows, this.wish.column, this.wish.down);
    const whole = count === this.garden.size;
    byId("count").textContent = whole ? counted(count, "proposal") : `${count.toLocaleString("en")} of ${counted(this.garden.size, "proposal")}`;
    byId<HTMLButtonElement>("accept-shown").disabled = count === 0;
    byId("none").hidden = count > 0;
    byId("none").textContent = this.garden.size ? "Nothing fits these filters." : "This run proposes nothing.";
    this.showPatternFilter();
  }

  private showPatternFilter(): void {
    const line = byId("pattern-filter");
    const { pattern } = this.wish;
    line.hidden = pattern === undefined;
    if (pattern === undefined) return;
    line.replaceChildren("Only what concerns ", h("strong", {}, words(this.garden.title(pattern))), " ", h("button", { type: "button", class: "plain", click: () => this.everyPattern() }, "show all"));
  }

  private everyPattern(): void {
    byId<HTMLInputElement>("only").value = "";
    this.update({ pattern: undefined });
  }

  private open(proposal: number, focus: boolean): void {
    this.table.open = proposal;
    this.detail.show(proposal);
    if (focus) this.detail.focus();
  }

  /** Opens a proposal that may be filtered away: then the filters give way. */
  private jump(proposal: number): void {
    const row = this.garden.leader(proposal);
    if (!this.table.shown.includes(row)) this.clear();
    this.table.goTo(row);
    this.open(proposal, true);
  }

  private close(): void {
    this.detail.close();
    this.table.focus();
  }

  private only(pattern: number): void {
    this.clear();
    this.update({ pattern });
    this.detail.close();
    byId("proposals").scrollIntoView();
    this.table.focus();
  }

  private onlyKind(kind: string): void {
    this.clear();
    byId<HTMLSelectElement>("kind").value = kind;
    this.update({ kind });
  }

  private toggle(proposal: number, verdict: Verdict): void {
    this.decisions.decide([proposal], this.decisions.of(proposal) === verdict ? undefined : verdict);
  }

  private decided(): void {
    const { accepted, rejected } = this.decisions.counts();
    const told = accepted + rejected ? `${accepted.toLocaleString("en")} accepted, ${rejected.toLocaleString("en")} rejected` : "Nothing decided yet";
    byId("decisions").textContent = this.decisions.areKept ? told : `${told}; this browser keeps no ticks: export before you leave`;
    byId<HTMLButtonElement>("export").disabled = accepted + rejected === 0;
    byId<HTMLButtonElement>("undo").disabled = !this.decisions.canGoBack;
    if (this.wish.decided) this.update({});
    else this.table.redraw();
    this.detail.refresh();
  }

  private fillTools(): void {
    const { all } = this.garden;
    const tally = (values: number[]): Map<number, number> => values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map<number, number>());
    const fill = (id: string, entries: [string, string, number][]): void => {
      byId(id).append(...entries.map(([value, name, count]) => h("option", { value }, `${visible(name)} (${count.toLocaleString("en")})`)));
    };
    const kinds = tally(all.proposals.kind);
    fill("kind", all.kinds.map((kind, i) => [kind, KINDS[kind] ?? kind, kinds.get(i) ?? 0]));
    const types = tally(all.proposals.type);
    fill("type", all.types.map((type, i): [string, string, number] => [type, type.replaceAll("_", " "), types.get(i) ?? 0]).filter(([type]) => type).sort((a, b) => b[2] - a[2]));
    const beds = tally(all.proposals.pattern.map((pattern) => this.garden.bed(pattern)));
    fill("bed", all.beds.map((bed, i): [string, string, number] => [String(i), bed, beds.get(i) ?? 0]).sort((a, b) => (a[1] < b[1] ? -1 : 1)));
  }

  private wireTools(): void {
    byId("tools").addEventListener("submit", (event) => event.preventDefault());
    const select = (id: string, change: (value: string) => Partial<Wish>): void => {
      const element = byId<HTMLSelectElement>(id);
      element.addEventListener("input", () => this.update(change(element.value)));
    };
    select("search", (words) => ({ words }));
    select("kind", (kind) => ({ kind }));
    select("type", (type) => ({ type }));
    select("bed", (bed) => ({ bed: bed === "" ? undefined : Number(bed) }));
    select("decided", (decided) => ({ decided }));
    select("confidence", (value) => {
      byId("at-least").textContent = value === "0" ? "any" : `${value} % and up`;
      return { atLeast: Number(value) };
    });
    finder("only", "only-found", this.garden, (pattern) => this.update({ pattern }));
    byId("only").addEventListener("input", () => byId<HTMLInputElement>("only").value || this.update({ pattern: undefined }));
    for (const link of document.querySelectorAll<HTMLElement>(".tally a")) link.addEventListener("click", () => this.onlyKind(link.dataset["kind"] ?? ""));
    byId("more").addEventListener("click", () => byId("more").setAttribute("aria-expanded", String(byId("tools").classList.toggle("all"))));
    byId("clear").addEventListener("click", () => this.clear());
    byId("accept-shown").addEventListener("click", () => this.decisions.decide([...this.table.shown], "accepted"));
    byId("undo").addEventListener("click", () => this.decisions.back());
    byId("export").addEventListener("click", () => this.decisions.export());
    byId("keys").addEventListener("click", () => byId<HTMLDialogElement>("help").showModal());
  }

  private clear(): void {
    byId<HTMLFormElement>("tools").reset();
    byId("at-least").textContent = "any";
    this.update({ ...EVERYTHING, column: this.wish.column, down: this.wish.down });
  }

  private wireKeys(): void {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest("dialog")) return;
      const typing = target.closest("input:not([type=range],[type=radio],[type=checkbox]), select, textarea");
      if (event.key === "Escape" && (typing || target.closest("#detail"))) return this.close();
      if (typing) {
        if (event.key === "Enter" && target.id === "search") this.table.focus();
        return;
      }
      if (this.press(event.key, target)) event.preventDefault();
    });
  }

  /** What a key does, if it does anything. */
  private press(key: string, target: HTMLElement): boolean {
    const inGrid = target.id === "grid";
    const inDetail = target.closest("#detail") !== null;
    const proposal = this.table.current;
    if (key === "/") byId("search").focus();
    else if (key === "?") byId<HTMLDialogElement>("help").showModal();
    else if ((inGrid || inDetail) && proposal !== undefined && this.act(key, proposal)) return true;
    else if (inGrid) return this.walk(key);
    else return false;
    return true;
  }

  private act(key: string, proposal: number): boolean {
    if (key === "a") this.toggle(proposal, "accepted");
    else if (key === "r") this.toggle(proposal, "rejected");
    else if (key === "u") this.decisions.decide([proposal], undefined);
    else if (key === "m") this.map.show(this.garden.pattern(proposal));
    else return false;
    return true;
  }

  private walk(key: string): boolean {
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.table.move(1),
      ArrowUp: () => this.table.move(-1),
      j: () => this.table.move(1),
      k: () => this.table.move(-1),
      PageDown: () => this.table.move(this.table.page),
      PageUp: () => this.table.move(-this.table.page),
      Home: () => this.table.go(0),
      End: () => this.table.go(Infinity),
    };
    const proposal = this.table.current;
    if (key === "Enter" && proposal !== undefined) this.open(proposal, true);
    else if (moves[key]) {
      moves[key]();
      const now = this.table.current;
      // With the panel beside the list, it follows the walk.
      if (this.detail.isOpen && now !== undefined && matchMedia("(min-width: 1000px)").matches) this.open(now, false);
    } else return false;
    return true;
  }

  /** On paper there is no scrolling: the first proposals of the list are written out. */
  private print(): void {
    const shown = this.table.shown.slice(0, MOST_PRINTED);
    const lines = shown.map((i) =>
      h("li", {}, h("strong", {}, this.garden.kindName(i)), " ", words(this.garden.place(i)), this.garden.isLink(i) ? " → " : ", ", words(this.garden.subject(i)), ` (${this.garden.confidence(i)} %): `, words(this.garden.reason(i))),
    );
    const left = this.table.shown.length - shown.length;
    byId("rows").append(h("ol", { class: "printed" }, ...lines, left > 0 ? h("li", {}, `… and ${left.toLocaleString("en")} more`) : null));
  }
}

async function start(): Promise<void> {
  try {
    const page = new Page(new Garden(await unpack<Overview>("overview")));
    document.documentElement.dataset["ready"] = "table";
    page.details = await unpack<Details>("details");
    document.documentElement.dataset["ready"] = "all";
  } catch (error) {
    byId("count").textContent = `This page could not be unpacked: ${String(error)}`;
    throw error;
  }
}

void start();
