// The opened proposal: both patterns, the words that match, how sure and why, and the diff.

import type { Details, Garden, Shown } from "./data";
import { visible } from "./data";
import type { Decisions, Verdict } from "./decisions";
import { diff } from "./diff";
import { byId, h, words } from "./dom";
import { meter } from "./table";
import { waterfall } from "./waterfall";

const FACTS: Record<string, string> = {
  cause: "Cause",
  was: "As it stands",
  odds: "Odds that the text bears it",
  found: "Words found",
  missed: "Words not found",
  nearer: "Nearer to",
  signals: "Signals",
  in: "Joins",
  out: "Leaves",
  renamed: "Gets the name",
  becomes: "Becomes",
  ids: "Ids of the one idea",
};
const CAUSES: Record<string, string> = {
  dead: "no such pattern",
  self: "points to itself",
  curated: "already curated",
  duplicate: "there twice",
  renamed: "the target was renamed",
  weak: "the texts do not bear it",
  full: "surer links take every place",
  stale: "the text no longer bears it",
  duplicates: "there twice",
};

export interface DetailEvents {
  decide(proposal: number, verdict: Verdict | undefined): void;
  open(proposal: number): void;
  onMap(pattern: number): void;
  only(pattern: number): void;
  close(): void;
}

export class Detail {
  private readonly place = byId("detail");
  private proposal: number | undefined;
  private details: Details | undefined;

  constructor(
    private readonly garden: Garden,
    private readonly decisions: Decisions,
    private readonly events: DetailEvents,
  ) {}

  /** The second document has arrived: what waited for it is shown. */
  set content(details: Details) {
    this.details = details;
    if (this.proposal !== undefined) this.draw();
  }

  get isOpen(): boolean {
    return this.place.classList.contains("open");
  }

  show(proposal: number): void {
    this.proposal = proposal;
    this.place.classList.add("open");
    this.draw();
    this.place.scrollTop = 0;
  }

  focus(): void {
    this.place.focus({ preventScroll: true });
  }

  close(): void {
    this.place.classList.remove("open");
  }

  refresh(): void {
    if (this.proposal === undefined) return;
    const was = this.place.querySelector(".verdicts");
    was?.replaceWith(this.verdicts(this.proposal));
  }

  private draw(): void {
    const proposal = this.proposal;
    if (proposal === undefined) return;
    const parts = [this.head(proposal), this.verdicts(proposal), ...this.evidence(proposal), this.mates(proposal)];
    this.place.replaceChildren(...parts.filter((part): part is HTMLElement => part !== null));
  }

  private head(proposal: number): HTMLElement {
    const { garden } = this;
    const type = garden.type(proposal).replaceAll("_", " ");
    return h(
      "header",
      {},
      h("button", { type: "button", class: "quiet back", click: () => this.events.close() }, "← List"),
      h("p", { class: "line-up" }, h("span", { class: `tag ${garden.kind(proposal).split("_")[0]}` }, garden.kindName(proposal)), type ? words(type) : null, meter(garden.confidence(proposal))),
      h("h3", {}, ...this.title(proposal)),
      h("p", { class: "why" }, words(garden.reason(proposal))),
    );
  }

  /** A link leads from a pattern to another; all else is about something in a pattern. */
  private title(proposal: number): (HTMLElement | string)[] {
    const { garden } = this;
    const [place, subject] = [words(garden.title(garden.pattern(proposal))), words(garden.subject(proposal))];
    if (garden.isLink(proposal)) return [place, h("span", { class: "to" }, " → ", subject)];
    return garden.subject(proposal) ? [subject, h("span", { class: "to" }, " in ", place)] : [place];
  }

  private verdicts(proposal: number): HTMLElement {
    const now = this.decisions.of(proposal);
    const button = (verdict: Verdict, name: string, key: string): HTMLElement =>
      h(
        "button",
        { type: "button", class: `verdict-button ${verdict}`, "aria-pressed": now === verdict, click: () => this.events.decide(proposal, now === verdict ? undefined : verdict) },
        name,
        " ",
        h("kbd", { "aria-hidden": "true" }, key),
      );
    const note = h("input", { type: "text", placeholder: "Note: why?", "aria-label": "Note to this decision", maxlength: 500, disabled: !now });
    note.value = this.decisions.note(proposal);
    note.addEventListener("input", () => this.decisions.setNote(proposal, note.value));
    return h("div", { class: "verdicts" }, button("accepted", "✓ Accept", "a"), button("rejected", "✕ Reject", "r"), note);
  }

  private evidence(proposal: number): (HTMLElement | null)[] {
    const details = this.details;
    if (!details) return [h("p", { class: "empty" }, "Unpacking the evidence …")];
    const shown = details.shown[details.evidence[proposal] ?? -1] ?? {};
    return [
      this.quotes(shown, details),
      this.shared(shown, details),
      this.signals(shown, details),
      this.facts(shown, details),
      this.patterns(proposal, details),
      this.change(proposal, details),
    ];
  }

  private quotes(shown: Shown, details: Details): HTMLElement | null {
    if (!shown.quotes?.length) return null;
    const quotes = shown.quotes.map(([pattern, role, text]) =>
      h(
        "figure",
        { class: "quote" },
        h("blockquote", {}, words(details.texts[text] ?? "")),
        h("figcaption", {}, words(this.garden.title(pattern)), ", ", words(details.texts[role] ?? "")),
      ),
    );
    return part("What they say", ...quotes);
  }

  private shared(shown: Shown, details: Details): HTMLElement | null {
    const chips = (name: string, numbers: number[] | undefined): HTMLElement | null =>
      numbers?.length ? h("p", { class: "chips" }, h("span", { class: "chips-name" }, name), ...numbers.map((n) => h("span", { class: "chip" }, words(details.texts[n] ?? "")))) : null;
    const [terms, entities] = [chips("Words", shown.terms), chips("Entities", shown.entities)];
    return terms || entities ? part("What they share", terms, entities) : null;
  }

  private signals(shown: Shown, details: Details): HTMLElement | null {
    if (!shown.signals?.length) return null;
    const shares = shown.signals.map(([name, share, deviations]) => ({ name: visible(details.texts[name] ?? ""), share, deviations }));
    return part("How the score came about", waterfall(shares));
  }

  private facts(shown: Shown, details: Details): HTMLElement | null {
    if (!shown.facts?.length) return null;
    const rows = shown.facts.map(([key, value]) => {
      const [name, text] = [details.texts[key] ?? "", details.texts[value] ?? ""];
      return h("div", {}, h("dt", {}, FACTS[name] ?? visible(name.replaceAll("_", " "))), h("dd", {}, words(name === "cause" ? (CAUSES[text] ?? text) : text)));
    });
    return part("What was found", h("dl", { class: "facts" }, ...rows));
  }

  private patterns(proposal: number, details: Details): HTMLElement {
    const places = [this.garden.pattern(proposal), this.garden.target(proposal)].filter((place) => place >= 0);
    const cards = places.map((place) =>
      h(
        "div",
        { class: "leaf-card" },
        h("h5", {}, words(this.garden.title(place))),
        h("p", { class: "slug" }, words(details.path[place] ?? this.garden.slug(place))),
        h("p", { class: "summary" }, words(details.texts[details.summary[place] ?? -1] ?? "")),
        h(
          "p",
          { class: "actions" },
          h("button", { type: "button", class: "plain", click: () => this.events.only(place) }, "its proposals"),
          h("button", { type: "button", class: "plain", click: () => this.events.onMap(place) }, "on the map"),
        ),
      ),
    );
    return part(places.length > 1 ? "The two patterns" : "The pattern", ...cards);
  }

  private change(proposal: number, details: Details): HTMLElement | null {
    const place = this.garden.pattern(proposal);
    const hunks = details.texts[details.diff[place] ?? -1];
    if (!hunks) return null;
    const view = diff(hunks, details.path[place] ?? "", this.garden.marks(proposal));
    requestAnimationFrame(() => {
      const [lines, own] = [view.querySelector<HTMLElement>(".lines"), view.querySelector<HTMLElement>(".own")];
      if (lines && own) lines.scrollTop = own.offsetTop - lines.offsetTop - lines.clientHeight / 3;
    });
    return part("The change of its file", view);
  }

  private mates(proposal: number): HTMLElement | null {
    const mates = this.garden.mates(proposal).filter((mate) => mate !== proposal);
    if (!mates.length) return null;
    const items = mates.slice(0, 20).map((mate) =>
      h(
        "li",
        {},
        h("button", { type: "button", class: "plain", click: () => this.events.open(mate) }, this.garden.kindName(mate), ": ", words(this.garden.title(this.garden.pattern(mate))), this.garden.isLink(mate) ? " → " : ", ", words(this.garden.targetName(mate))),
      ),
    );
    return part("Decided together with this", h("ul", { class: "mates" }, ...items));
  }
}

function part(title: string, ...content: (HTMLElement | null)[]): HTMLElement {
  return h("section", { class: "part" }, h("h4", {}, title), ...content);
}
