import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseHTML } from "linkedom";
import { writeJsonLines } from "../../files.js";
import { compareSystems } from "../compare-systems.js";
import type { Comparison } from "../comparison.js";
import { createFakeHost, fakeCodec, heldOutDialogue, writeFakeModels } from "../../../test/fake-host.js";
import { formatComparison } from "../format-comparison.js";
import { compareSettings } from "../settings.js";
import { formatReport } from "./report.js";

const HOSTILE = `</style><script>alert(1)</script><img src=x onerror="alert(2)">'\u001b[2J\u202E`;

let folder: string;
let comparison: Comparison;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-"));
  const dialogues = join(folder, "dialogues.jsonl");
  const chats = Array.from({ length: 12 }, (_, index) =>
    heldOutDialogue(`d${index}`, `${HOSTILE}${index % 3}`, [HOSTILE, "ok", `see you\n${HOSTILE}`]),
  );
  await writeJsonLines(dialogues, "compare", chats);
  const model = { replies: [HOSTILE, "sure", ""], surprise: 2 };
  const systems = await writeFakeModels(folder, {
    base: { ...model, surprise: 3, cut: true },
    baseQ4: model,
    f16: model,
    q4: model,
  });
  const settings = compareSettings.parse({ prompts: 30 });
  comparison = await compareSystems(
    { systems, dialogues, out: folder },
    fakeCodec,
    settings,
    createFakeHost(),
  );
});
after(() => rm(folder, { recursive: true }));

const inLanguage = (language: "en" | "zh"): Comparison => ({
  ...comparison,
  settings: { ...comparison.settings, language },
});

for (const language of ["en", "zh"] as const) {
  test(`the page in ${language} shows hostile chat text as text and loads nothing`, () => {
    const page = formatReport(inLanguage(language));
    const { document } = parseHTML(page);
    assert.equal(document.querySelectorAll("script, img, iframe, link, object, base, form").length, 0);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        assert.doesNotMatch(name, /^on|^src$|^href$|^xlink:href$/, `${element.tagName} ${name}`);
        assert.doesNotMatch(value, /url\(|javascript:/i);
      }
    }
    for (const style of document.querySelectorAll("style")) {
      assert.doesNotMatch(style.textContent ?? "", /url\(|@import|alert/);
    }
    assert.ok(!page.includes("\u001b"));
    const bubbles = [...document.querySelectorAll(".bubble")].map((bubble) => bubble.textContent);
    assert.ok(bubbles.some((text) => text?.includes("<script>alert(1)</script>")));
    assert.match(document.querySelector("meta[http-equiv]").getAttribute("content"), /default-src 'none'/);
  });

  test(`the page in ${language} has every chart in both sizes, every section and no missing word`, () => {
    const page = formatReport(inLanguage(language));
    const { document } = parseHTML(page);
    assert.equal(document.querySelectorAll("figure.chart").length, 5);
    assert.equal(document.querySelectorAll("figure.chart svg").length, 10);
    assert.equal(document.querySelectorAll("section").length, 6);
    assert.equal(document.querySelectorAll("article.sample").length, 6);
    assert.equal(document.querySelectorAll("details .files tbody tr").length, 4);
    assert.doesNotMatch(page, /undefined|NaN|Infinity|\[object/);
    assert.equal(document.documentElement.getAttribute("lang"), language === "zh" ? "zh-Hans" : "en");
  });
}

test("the terminal's table is aligned and holds no control character", () => {
  for (const language of ["en", "zh"] as const) {
    const text = formatComparison(inLanguage(language));
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]|undefined|NaN/);
    assert.ok(text.includes("<script>alert(1)</script>"));
  }
});

test("the same comparison makes the same page", () => {
  assert.equal(formatReport(comparison), formatReport(structuredClone(comparison)));
});
