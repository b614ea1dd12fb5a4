// What a page is checked for. Every check gives sentences; none means nothing was found.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// A4 at 96 dots per inch is 794 wide; 390 is a common phone.
export const VIEWS = [
  { name: "desktop, light", width: 1280, height: 900, colorScheme: "light" },
  { name: "desktop, dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone, light", width: 390, height: 844, colorScheme: "light" },
  { name: "phone, dark", width: 390, height: 844, colorScheme: "dark" },
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// Opens a page in a view with the network cut off, and collects what it says and asks for.
async function open(browser, file, view) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    reducedMotion: "reduce",
  });
  const url = pathToFileURL(file).href;
  const found = [];
  const page = await context.newPage();
  page.on("console", (message) => {
    // What could not be loaded was asked for, and that is reported below.
    if (message.text().startsWith("Failed to load resource")) return;
    if (message.type() === "error" || message.type() === "warning") {
      found.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => found.push(`script error: ${error.message}`));
  await context.route("**/*", (route) => {
    const asked = route.request().url();
    if (asked === url || asked.startsWith("data:") || asked.startsWith("blob:")) {
      return route.continue();
    }
    found.push(`the page asks for ${asked}`);
    return route.abort();
  });
  await page.goto(url, { waitUntil: "load" });
  return { context, page, found };
}

// Runs in the page: ids used twice, references to ids that are not there.
function ids() {
  const all = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const seen = new Set();
  const twice = new Set(all.filter((id) => seen.size === seen.add(id).size));
  const found = [...twice].map((id) => `the id "${id}" is used twice`);
  const attributes = ["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"];
  for (const attribute of attributes) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!seen.has(id)) found.push(`${attribute} names "${id}", which is not there`);
      }
    }
  }
  for (const use of document.querySelectorAll("use")) {
    const href = use.getAttribute("href") ?? "";
    if (href.startsWith("#") && !seen.has(href.slice(1))) {
      found.push(`a <use> names "${href}", which is not there`);
    }
  }
  return [...new Set(found)];
}

// Runs in the page: what sticks out to the right, outside anything that scrolls by itself.
function overflow() {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = (element) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(above).overflowX)) return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > room + 1 && !scrolls(element))
    .map((element) => {
      const name = element.tagName.toLowerCase();
      const classes = element.getAttribute("class");
      return classes ? `${name}.${classes.trim().split(/\s+/).join(".")}` : name;
    });
  const worst = [...new Set(wide)].slice(0, 5).join(", ");
  return [`the page is ${document.documentElement.scrollWidth} wide where ${room} is to be had: ${worst}`];
}

// Runs in the page: text that a template left over or a missing value became.
function leftovers() {
  const text = document.body.innerText;
  const found = [];
  for (const pattern of [/\{\{|\}\}|\{%|%\}/, /\bNaN\b/, /\bundefined\b/, /\[object \w+\]/]) {
    const at = text.search(pattern);
    if (at >= 0) found.push(`"${text.slice(Math.max(0, at - 30), at + 30).replace(/\s+/g, " ")}" is no text for a reader`);
  }
  if (!document.documentElement.lang) found.push("the page does not say its language");
  if (!document.title.trim()) found.push("the page has no title");
  return found;
}

async function accessibility(page) {
  // Through the debugger, which the page's content policy does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
  return violations.flatMap((violation) =>
    violation.nodes.slice(0, 3).map((node) => `${violation.id} (${violation.impact}): ${node.target.join(" ")}: ${violation.help}`),
  );
}

// Links to other pages and places in them; ids of pages are read once.
const idsOf = new Map();
function idsIn(file) {
  if (!idsOf.has(file)) {
    const html = readFileSync(file, "utf8");
    idsOf.set(file, new Set([...html.matchAll(/\sid=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/g)].map((m) => m[1] ?? m[2] ?? m[3])));
  }
  return idsOf.get(file);
}

async function links(page, file) {
  const hrefs = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")));
  const found = new Set();
  for (const href of hrefs) {
    const target = new URL(href, pathToFileURL(file));
    if (target.protocol !== "file:") {
      if (!["mailto:", "https:"].includes(target.protocol)) found.add(`a link goes to ${href}`);
      continue;
    }
    const anchor = decodeURIComponent(target.hash.slice(1));
    target.hash = "";
    const path = resolve(dirname(file), fileURLToPath(target));
    if (!existsSync(path)) found.add(`a link goes to ${href}, which is not there`);
    else if (anchor && path.endsWith(".html") && !idsIn(path).has(anchor)) found.add(`a link goes to ${href}, and there is no such place in the page`);
  }
  return [...found];
}

async function print(page) {
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true, printBackground: false });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  return { pdf, pages, found: pages > 0 ? [] : ["the page prints to nothing"] };
}

// All checks of one file: what was found as `[where, sentence]`, its PDF and that one's pages.
// What does not depend on the view is looked at in the first.
export async function check(browser, file, views = VIEWS) {
  const found = [];
  let paper;
  for (const view of views) {
    const opened = await open(browser, file, view);
    const { page } = opened;
    const note = (sentences) => found.push(...sentences.map((sentence) => [view.name, sentence]));
    if (view === views[0]) {
      note(await page.evaluate(ids));
      note(await page.evaluate(leftovers));
      note(await links(page, file));
      paper = await print(page);
      note(paper.found);
    }
    note(await page.evaluate(overflow));
    note(await accessibility(page));
    note(opened.found);
    await opened.context.close();
  }
  return { found, pdf: paper.pdf, printed: paper.pages };
}
