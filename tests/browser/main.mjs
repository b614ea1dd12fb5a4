// Checks every page below a folder of reports; exit status 1 when anything was found.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { check, launch } from "./checks.mjs";

const [reports, pdfs] = process.argv.slice(2);
const files = readdirSync(reports, { recursive: true })
  .filter((name) => name.endsWith(".html") && !name.split(/[\\/]/).some((part) => part.startsWith(".")))
  .sort()
  .map((name) => join(reports, name));
if (files.length === 0) {
  console.error(`there is no page in ${reports}`);
  process.exit(1);
}

const browser = await launch();
let problems = 0;
for (const file of files) {
  const name = relative(reports, file);
  const { found, pdf, pages } = await check(browser, file);
  console.log(`${found.length === 0 ? "ok  " : "FAIL"} ${name} (${pages} printed pages)`);
  for (const [where, sentence] of found) console.log(`     ${where}: ${sentence}`);
  problems += found.length;
  if (pdfs) {
    mkdirSync(pdfs, { recursive: true });
    writeFileSync(join(pdfs, `${name.replace(/[\\/]/g, "-").replace(/\.html$/, "")}.pdf`), pdf);
  }
}
await browser.close();
console.log(`${files.length} pages, ${problems} problems`);
process.exit(problems === 0 ? 0 : 1);
