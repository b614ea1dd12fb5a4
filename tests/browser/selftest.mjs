// That the checks find what they are for: each page below `fixtures/` says in a comment what must be
// found in it, and nothing else may be; an empty expectation is a page without fault.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { VIEWS, check, launch } from "./checks.mjs";

const folder = join(import.meta.dirname, "fixtures");
// Dark and narrow are where pages fail that look right on a desk.
const views = [VIEWS[1], VIEWS[2]];
const browser = await launch();
let wrong = 0;
for (const name of readdirSync(folder).filter((name) => name.endsWith(".html")).sort()) {
  const file = join(folder, name);
  const expected = readFileSync(file, "utf8").match(/<!-- expect: (.*?) ?-->/)[1];
  const { found } = await check(browser, file, views);
  const sentences = found.map(([, sentence]) => sentence);
  const right = expected
    ? sentences.length > 0 && sentences.every((sentence) => sentence.includes(expected))
    : sentences.length === 0;
  if (!right) {
    wrong += 1;
    console.log(`FAIL ${name}: expected ${expected || "nothing"}, found ${JSON.stringify(sentences)}`);
  }
}
await browser.close();
console.log(wrong === 0 ? "the checks find what they are for" : `${wrong} fixtures are judged wrongly`);
process.exit(wrong === 0 ? 0 : 1);
