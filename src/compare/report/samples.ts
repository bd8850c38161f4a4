import type { Comparison, Sample, SystemKey } from "../comparison.js";
import { bubbles } from "../measures/bubbles.js";
import type { Words } from "../words/words.js";
import { html, type Html } from "./html.js";

/** Whose replies are set side by side; the stock model rounded to four bits adds nothing for a reader. */
const SHOWN: readonly SystemKey[] = ["base", "f16", "q4", "real"];

/** Each sample as a small chat, and everyone's reply to it as bubbles. */
export function sampleCards({ samples, settings }: Comparison, words: Words): Html {
  return html`${samples.map(
    (sample) =>
      html`<article class="sample">
        <header dir="auto">${sample.contact}</header>
        <div class="context">
          ${sample.context.map(({ role, text }) => turn(role === "user" ? "them" : "me", text, words))}
        </div>
        <div class="replies">${SHOWN.map((key) => reply(sample, key, settings.maxTokens, words))}</div>
      </article>`,
  )}`;
}

function reply(sample: Sample, key: SystemKey, maxTokens: number, words: Words): Html {
  const { text, broken, cut } = sample.replies[key];
  const flaws = broken
    .filter((flaw) => flaw !== "tokenLimit" && flaw !== "empty")
    .map((flaw) => words.breakages[flaw]);
  const marks = [...(cut ? [words.cutMark(maxTokens)] : []), ...flaws];
  return html`<div class="reply ${key}">
    <h4>${words.systems[key]}</h4>
    ${turn("me", text, words)}${marks.map((mark) => html`<small class="mark">${mark}</small>`)}
  </div>`;
}

function turn(side: "them" | "me", text: string, words: Words): Html {
  const lines = bubbles(text);
  if (lines.length === 0) return html`<p class="bubble ${side} nothing">${words.emptyReply}</p>`;
  return html`${lines.map((line) => html`<p class="bubble ${side}" dir="auto">${line}</p>`)}`;
}
