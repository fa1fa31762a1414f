// What the reader ticks. Proposals that only make sense together are decided together.

import type { Garden } from "./data";

export type Verdict = "accepted" | "rejected";

interface Tick {
  verdict: Verdict;
  note: string;
}

type Step = [group: number, before: Tick | undefined][];

export class Decisions {
  private readonly ticks = new Map<number, Tick>();
  private readonly steps: Step[] = [];
  private readonly key: string;
  private kept = true;

  constructor(
    private readonly garden: Garden,
    private readonly changed: () => void,
  ) {
    this.key = `graph-garden:${garden.all.library}:${garden.all.run}`;
    this.restore();
  }

  of(proposal: number): Verdict | undefined {
    return this.ticks.get(this.garden.group(proposal))?.verdict;
  }

  note(proposal: number): string {
    return this.ticks.get(this.garden.group(proposal))?.note ?? "";
  }

  setNote(proposal: number, note: string): void {
    const tick = this.ticks.get(this.garden.group(proposal));
    if (!tick) return;
    tick.note = note;
    this.keep();
  }

  /** Decides the groups of these proposals; undefined takes the decision back. */
  decide(proposals: number[], verdict: Verdict | undefined): void {
    const groups = [...new Set(proposals.map((proposal) => this.garden.group(proposal)))];
    this.steps.push(groups.map((group) => [group, this.ticks.get(group)]));
    for (const group of groups) {
      if (verdict) this.ticks.set(group, { verdict, note: this.ticks.get(group)?.note ?? "" });
      else this.ticks.delete(group);
    }
    this.keep();
    this.changed();
  }

  /** Undoes the last step. */
  back(): void {
    for (const [group, tick] of this.steps.pop() ?? []) {
      if (tick) this.ticks.set(group, tick);
      else this.ticks.delete(group);
    }
    this.keep();
    this.changed();
  }

  get canGoBack(): boolean {
    return this.steps.length > 0;
  }

  /** Whether ticks outlive this page. */
  get areKept(): boolean {
    return this.kept;
  }

  counts(): Record<Verdict, number> {
    const counts = { accepted: 0, rejected: 0 };
    for (const [group, { verdict }] of this.ticks) counts[verdict] += this.garden.inGroup(group).length;
    return counts;
  }

  /** One JSON line for each decided proposal, in the order of the plan. */
  lines(): string {
    const lines: string[] = [];
    for (let i = 0; i < this.garden.size; i++) {
      const tick = this.ticks.get(this.garden.group(i));
      if (!tick) continue;
      lines.push(
        JSON.stringify({
          id: this.garden.all.proposals.id[i],
          decision: tick.verdict,
          kind: this.garden.kind(i),
          pattern: this.garden.slug(this.garden.pattern(i)),
          target: this.garden.targetSlug(i) || null,
          note: tick.note,
        }),
      );
    }
    return lines.map((line) => `${line}\n`).join("");
  }

  export(): void {
    const url = URL.createObjectURL(new Blob([this.lines()], { type: "application/jsonl" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `decisions-${this.garden.all.run}.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  private keep(): void {
    const plain = [...this.ticks].map(([group, { verdict, note }]) => [this.garden.all.proposals.id[this.garden.inGroup(group)[0] ?? 0], verdict, note]);
    try {
      localStorage.setItem(this.key, JSON.stringify(plain));
    } catch {
      // Storage is full or forbidden: the reader is told that only an export will keep the ticks.
      this.kept = false;
    }
  }

  private restore(): void {
    let plain: unknown = [];
    try {
      plain = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      this.kept = false;
    }
    const place = new Map(this.garden.all.proposals.id.map((id, i) => [id, i]));
    for (const [id, verdict, note] of Array.isArray(plain) ? plain : []) {
      const proposal = place.get(String(id));
      if (proposal !== undefined && (verdict === "accepted" || verdict === "rejected")) {
        this.ticks.set(this.garden.group(proposal), { verdict, note: String(note ?? "") });
      }
    }
  }
}
