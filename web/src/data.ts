// The two documents that Python packed into the page, and words for what is in them.

export interface Overview {
  run: string;
  library: string;
  section: string;
  patterns: { slug: string[]; title: string[]; bed: number[]; before: number[]; after: number[]; x: number[]; y: number[] };
  beds: string[];
  edges: { left: number[]; right: number[]; state: number[]; states: string[] };
  proposals: {
    id: string[];
    kind: number[];
    pattern: number[];
    target: number[];
    type: number[];
    confidence: number[];
    reason: number[];
    group: number[];
    label: Record<string, string>;
  };
  kinds: string[];
  types: string[];
  targets: string[];
  reasons: string[];
}

export interface Shown {
  quotes?: [number, number, number][];
  terms?: number[];
  entities?: number[];
  signals?: [number, number, number][];
  facts?: [number, number][];
}

export interface Details {
  summary: number[];
  diff: number[];
  path: string[];
  evidence: number[];
  shown: Shown[];
  texts: string[];
}

/** What a proposal changes, in a word for a row and a verb for a sentence. */
export const KINDS: Record<string, string> = {
  add_link: "Add link",
  remove_link: "Remove link",
  retype_link: "Retype link",
  add_entity: "Add entity",
  remove_entity: "Remove entity",
  merge_entity: "Merge entity",
  rescore_entity: "Rescore entity",
  set_communities: "Communities",
  touch: "Date",
};

/** The JSON document that the element holds as base64 of deflated text. */
export async function unpack<T>(id: string): Promise<T> {
  const holder = document.getElementById(id);
  if (!holder) throw new Error(`the page has no ${id}`);
  const binary = atob(holder.textContent ?? "");
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  holder.remove();
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return (await new Response(inflated).json()) as T;
}

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text on one line; characters that cannot be seen, or turn the direction of text, are shown by their code. */
export function visible(text: string): string {
  return text.replace(/[\t\n\r]+/g, " ").replace(UNSEEN, code);
}

function code(letter: string): string {
  return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** The overview, asked in the words of the page. Proposals and patterns are called by their place. */
export class Garden {
  readonly size: number;
  private haystack: string[] | undefined;
  private members: Map<number, number[]> | undefined;

  constructor(readonly all: Overview) {
    this.size = all.proposals.id.length;
  }

  kind(proposal: number): string {
    return this.all.kinds[this.all.proposals.kind[proposal] ?? 0] ?? "";
  }

  kindName(proposal: number): string {
    return KINDS[this.kind(proposal)] ?? this.kind(proposal);
  }

  type(proposal: number): string {
    return this.all.types[this.all.proposals.type[proposal] ?? 0] ?? "";
  }

  reason(proposal: number): string {
    return this.all.reasons[this.all.proposals.reason[proposal] ?? 0] ?? "";
  }

  pattern(proposal: number): number {
    return this.all.proposals.pattern[proposal] ?? 0;
  }

  group(proposal: number): number {
    return this.all.proposals.group[proposal] ?? 0;
  }

  confidence(proposal: number): number {
    return this.all.proposals.confidence[proposal] ?? 0;
  }

  /** The pattern that the proposal leads to, or -1. */
  target(proposal: number): number {
    return Math.max(-1, this.all.proposals.target[proposal] ?? -1);
  }

  /** The target as it is written in the file, "" for none. */
  targetSlug(proposal: number): string {
    const number = this.all.proposals.target[proposal] ?? -1;
    if (number >= 0) return this.all.patterns.slug[number] ?? "";
    return number === -1 ? "" : (this.all.targets[-2 - number] ?? "");
  }

  targetName(proposal: number): string {
    const place = this.target(proposal);
    if (place >= 0) return this.title(place);
    return this.all.proposals.label[String(proposal)] ?? this.targetSlug(proposal);
  }

  /** Whether the proposal is about a link, and so leads from one pattern to another. */
  isLink(proposal: number): boolean {
    return this.kind(proposal).endsWith("_link");
  }

  /** What the proposal is about: the pattern that it leads to, an entity, communities; of a merge all ids that give way. */
  subject(proposal: number): string {
    if (this.kind(proposal) !== "merge_entity") return this.targetName(proposal);
    const ids = [...new Set(this.mates(proposal).map((mate) => this.targetSlug(mate)))];
    const becomes = this.targetName(proposal).slice(this.targetSlug(proposal).length);
    return `${ids.join(", ")}${becomes}`;
  }

  /** Names that the changed lines of its file speak of. */
  marks(proposal: number): string[] {
    if (this.kind(proposal) === "set_communities") return this.targetName(proposal).split(", ").map((name) => name.slice(2));
    const becomes = this.kind(proposal) === "merge_entity" ? [this.targetName(proposal).slice(this.targetSlug(proposal).length + 3)] : [];
    return [this.targetSlug(proposal), ...becomes];
  }

  /** Where it is: its pattern, or all of them where a merge stands in one row. */
  place(proposal: number): string {
    const patterns = this.mates(proposal).map((mate) => this.title(this.pattern(mate)));
    if (this.kind(proposal) !== "merge_entity" || patterns.length === 1) return this.title(this.pattern(proposal));
    return `${patterns.length.toLocaleString("en")} files: ${patterns.slice(0, 5).join(", ")}${patterns.length > 5 ? " …" : ""}`;
  }

  /** What stands for the proposal in the list: itself, or of a merge the first of its group. */
  leader(proposal: number): number {
    return this.kind(proposal) === "merge_entity" ? (this.mates(proposal)[0] ?? proposal) : proposal;
  }

  title(pattern: number): string {
    return this.all.patterns.title[pattern] ?? "";
  }

  slug(pattern: number): string {
    return this.all.patterns.slug[pattern] ?? "";
  }

  bed(pattern: number): number {
    return this.all.patterns.bed[pattern] ?? -1;
  }

  /** The proposals that only make sense together with this one, itself included. */
  mates(proposal: number): number[] {
    return this.inGroup(this.group(proposal));
  }

  inGroup(group: number): number[] {
    if (!this.members) {
      this.members = new Map();
      for (let i = 0; i < this.size; i++) {
        const found = this.members.get(this.group(i));
        if (found) found.push(i);
        else this.members.set(this.group(i), [i]);
      }
    }
    return this.members.get(group) ?? [];
  }

  /** What a search looks through, in lower case. */
  text(proposal: number): string {
    this.haystack ??= Array.from({ length: this.size }, (_, i) =>
      [this.title(this.pattern(i)), this.slug(this.pattern(i)), this.targetName(i), this.targetSlug(i), this.reason(i), this.all.proposals.id[i]]
        .join("\n")
        .toLowerCase(),
    );
    return this.haystack[proposal] ?? "";
  }
}
