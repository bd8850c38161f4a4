import type { Comparison, SystemKey } from "../comparison.js";
import { change, percent, whole } from "../words/figures.js";
import { readComparison, type Readings } from "../words/readings.js";
import { wordsIn, type Words } from "../words/words.js";
import { brokenChart } from "./broken-chart.js";
import { habitChart } from "./habit-chart.js";
import { html, trusted, type Html } from "./html.js";
import { lengthChart } from "./length-chart.js";
import { sampleCards } from "./samples.js";
import { STYLE } from "./style.js";
import { effectChart, surpriseChart } from "./surprise-chart.js";
import { breakageTable, figureTable, fileTable } from "./tables.js";

/** A comparison as one page that needs nothing else: no script, no request, readable on a phone and in the dark. */
export function formatReport(comparison: Comparison): string {
  const words = wordsIn(comparison.settings.language);
  const readings = readComparison(comparison, words);
  const page = html`<!doctype html>
    <html lang="${words.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        <title>${words.title} · 口吻 Kouwen</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${opening(comparison, readings, words)}
          ${section(words.sections.samples, words.about.samples(comparison.samples.length), sampleCards(comparison, words))}
          ${section(
            words.sections.length,
            words.about.length,
            card(readings.length, lengthChart(comparison, words, readings.length.join(" "))),
          )}
          ${section(
            words.sections.surprise,
            words.about.surprise,
            card([readings.tuning], surpriseChart(comparison, words, readings.tuning)),
            card([readings.rounding], effectChart(comparison, words, readings.rounding)),
          )}
          ${section(words.sections.habits, words.about.habits, habitCard(comparison, readings, words))}
          ${section(words.sections.variety, words.about.variety, card(readings.variety))}
          ${section(
            words.sections.broken,
            words.about.broken,
            card(
              [readings.broken],
              brokenChart(comparison, words, readings.broken),
              breakageTable(comparison, words),
            ),
          )}
          ${method(comparison, words)}
          <footer>${words.footer}</footer>
        </main>
      </body>
    </html> `;
  return page.html;
}

function opening({ systems, effects }: Comparison, readings: Readings, words: Words): Html {
  const chars = (key: SystemKey): string => whole(systems[key].medianReplyChars);
  return html`<header>
      <span class="seal" lang="zh">口吻</span>
      <h1>${words.title}</h1>
      <p class="lead">${readings.length[0]!}</p>
      <p class="soft">${readings.setting}</p>
      ${readings.warning === null ? null : html`<p class="warning">${readings.warning}</p>`}
    </header>
    <div class="tiles" role="group" aria-label="${words.sections.glance}">
      ${tile(`${chars("base")} → ${chars("f16")}`, `${words.glance.length} (${words.systems.real}: ${chars("real")})`)}
      ${tile(change(effects.tuning.nllChange.value), words.glance.tuning)}
      ${tile(change(effects.rounding.nllChange.value), words.glance.rounding)}
      ${tile(percent(systems.f16.broken!.share), `${words.glance.broken} (${words.shortSystems.base}: ${percent(systems.base.broken!.share)})`)}
    </div>`;
}

function tile(value: string, name: string): Html {
  return html`<div class="tile"><b>${value}</b><span>${name}</span></div>`;
}

function section(title: string, about: string, ...content: Html[]): Html {
  return html`<section>
    <h2>${title}</h2>
    <p class="soft">${about}</p>
    ${content}
  </section>`;
}

function card(sentences: readonly string[], ...content: (Html | null)[]): Html {
  return html`<div class="card">
    ${sentences.map((sentence) => html`<p class="reading">${sentence}</p>`)}${content}
  </div>`;
}

function habitCard(comparison: Comparison, { habits }: Readings, words: Words): Html {
  const legend = (["base", "f16", "q4", "real"] as const).map(
    (key) => html`<li><i class="dot ${key}"></i>${words.systems[key]}</li>`,
  );
  const label = habits.map(({ sentence }) => sentence).join(" ");
  return html`<div class="card">
    <ul class="legend">
      ${legend}
    </ul>
    ${habitChart(comparison, words, label)}
    <ul class="sentences">
      ${habits.map(({ sentence }) => html`<li>${sentence}</li>`)}
    </ul>
  </div>`;
}

function method(comparison: Comparison, words: Words): Html {
  const { method } = words;
  const lines = [
    method.prompts(comparison.prompts),
    method.draws(comparison.settings),
    method.surprise,
    method.intervals,
    method.template(comparison.template),
    method.seeds,
    method.promptsHash(comparison.prompts.hash),
  ];
  return html`<details>
    <summary>${words.sections.method}</summary>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
    ${fileTable(comparison, words)}
    <p><b>${method.allFigures}</b></p>
    ${figureTable(comparison, words)}
  </details>`;
}
