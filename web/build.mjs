// Bundles src/ into garden/report/data (or the folder that is given): page.js, page.css, the licences of what is bundled.
// The first line of page.js names the sources and what was made of them, so that a test can tell a stale bundle, or one
// that was changed by hand, without Node. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "garden", "report", "data");

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

const [js, css] = [script.outputFiles[0].text, style.outputFiles[0].text];
const licenses = licences(Object.keys(script.metafile.inputs)).join(`\n${"-".repeat(80)}\n\n`);
const made = createHash("sha256").update(js).update(css).update(licenses).digest("hex");
writeFileSync(join(out, "page.js"), `/* sources ${sources()} made ${made} */\n${js}`);
writeFileSync(join(out, "page.css"), css);
writeFileSync(join(out, "LICENSES.txt"), licenses);
console.log(`page.js ${js.length} characters, page.css ${css.length}`);
