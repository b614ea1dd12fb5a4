// Checks every page below the given folders of reports; exit status 1 when anything was found.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, launch } from "./checks.mjs";

const pdfs = process.env.PDF;

function pagesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".html") && !name.split(/[\\/]/).some((part) => part.startsWith(".")))
    .sort();
}

const browser = await launch();
let pages = 0;
let problems = 0;
for (const folder of process.argv.slice(2)) {
  console.log(folder);
  const names = pagesIn(folder);
  if (names.length === 0) {
    console.log("FAIL there is no page");
    problems += 1;
  }
  for (const name of names) {
    const { found, pdf, printed } = await check(browser, join(folder, name));
    console.log(`${found.length === 0 ? "ok  " : "FAIL"} ${name} (${printed} printed pages)`);
    for (const [where, sentence] of found) console.log(`     ${where}: ${sentence}`);
    pages += 1;
    problems += found.length;
    if (pdfs) {
      mkdirSync(pdfs, { recursive: true });
      // The number tells the pages of several folders apart.
      const file = `${pages}-${name.replace(/[\\/]/g, "-").replace(/\.html$/, "")}.pdf`;
      writeFileSync(join(pdfs, file), pdf);
    }
  }
}
await browser.close();
console.log(`${pages} pages, ${problems} problems`);
process.exit(problems === 0 ? 0 : 1);
