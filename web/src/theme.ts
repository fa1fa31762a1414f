// Light and dark: as the system has it, until the reader chooses.

import { byId } from "./dom";

const NEXT: Record<string, string> = { system: "light", light: "dark", dark: "system" };
const NAMES: Record<string, string> = { system: "as the system has them", light: "light", dark: "dark" };

export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function startTheme(changed: () => void): void {
  const button = byId("theme");
  button.addEventListener("click", () => {
    const next = NEXT[document.documentElement.dataset["theme"] ?? "system"] ?? "system";
    if (next === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = next;
    button.title = `Colours: ${NAMES[next]}`;
    button.setAttribute("aria-label", button.title);
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
