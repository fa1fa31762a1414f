// Bundles src/ into garden/report/data: page.js, page.css, and the licences of what is bundled.
// The first line of page.js names the sources, so that a test can tell a stale bundle without Node.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "garden", "report", "data");

function sources() {
  const names = readdirSync(join(here, "src")).sort().map((name) => join("src", name));
  const hash = createHash("sha256");
  for (const name of [...names, "package-lock.json"]) hash.update(readFileSync(join(here, name)));
  return hash.digest("hex");
}

function licences(inputs) {
  const packages = [...new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))].sort();
  return packages.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
}

const options = { bundle: true, minify: true, write: false, absWorkingDir: here, legalComments: "none" };
const script = await build({
  ...options,
  entryPoints: ["src/main.ts"],
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  metafile: true,
});
const style = await build({ ...options, entryPoints: ["src/page.css"] });

writeFileSync(join(out, "page.js"), `/* sources ${sources()} */\n${script.outputFiles[0].text}`);
writeFileSync(join(out, "page.css"), style.outputFiles[0].text);
writeFileSync(join(out, "LICENSES.txt"), licences(Object.keys(script.metafile.inputs)).join(`\n${"-".repeat(80)}\n\n`));
console.log(`page.js ${script.outputFiles[0].text.length} bytes, page.css ${style.outputFiles[0].text.length} bytes`);
