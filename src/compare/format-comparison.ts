import type { Comparison, Sample, SystemKey } from "./comparison.js";
import { bubbles } from "./measures/bubbles.js";
import { displayWidth, pad, printable, wrap } from "./words/display.js";
import { readComparison } from "./words/readings.js";
import { tabulate } from "./words/table.js";
import { wordsIn, type Words } from "./words/words.js";

/** Whose replies are shown; the stock model rounded to four bits adds nothing for a reader. */
const SHOWN: readonly SystemKey[] = ["base", "f16", "q4", "real"];
const NARROWEST = 40;

/**
 * A comparison as text for a terminal: the plain sentences, the table of all figures, and the sample replies.
 *
 * @param columns width of the terminal; the table may need more
 */
export function formatComparison(comparison: Comparison, columns = 80): string {
  const words = wordsIn(comparison.settings.language);
  const readings = readComparison(comparison, words);
  const width = Math.max(NARROWEST, columns);
  const sentences = [
    ...readings.length,
    readings.tuning,
    readings.rounding,
    readings.broken,
    ...(readings.warning === null ? [] : [readings.warning]),
  ];
  return [
    ...sentences.flatMap((sentence) => wrap(sentence, width)),
    "",
    ...alignTable(tabulate(comparison, words)),
    "",
    words.sections.samples,
    ...comparison.samples.flatMap((sample) => [
      "",
      ...sampleLines(sample, comparison.settings.maxTokens, words, width),
    ]),
    "",
  ].join("\n");
}

function alignTable({ head, rows }: { head: string[]; rows: string[][] }): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column]!))));
  const lines = all.map((row) =>
    row.map((cell, column) => pad(cell, widths[column]!, column === 0 ? "right" : "left")).join("  "),
  );
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [lines[0]!, rule, ...lines.slice(1)];
}

function sampleLines(sample: Sample, maxTokens: number, words: Words, width: number): string[] {
  const contact = oneLine(sample.contact);
  const names = [...SHOWN.map((key) => words.shortSystems[key]), contact];
  const nameWidth = Math.min(16, Math.max(...names.map(displayWidth)));
  const say = (name: string, mark: string, text: string): string[] =>
    bubbles(text)
      .flatMap((bubble) => wrap(printable(bubble), width - nameWidth - 3))
      .map((line, index) => `${pad(index === 0 ? name : "", nameWidth, "left")} ${mark} ${line}`);
  const context = sample.context.flatMap(({ role, text }) =>
    say(role === "user" ? wrap(contact, nameWidth)[0]! : words.shortSystems.real, "│", text),
  );
  const replies = SHOWN.flatMap((key) => {
    const { text, cut } = sample.replies[key];
    const shown = text === "" ? words.emptyReply : text;
    return say(words.shortSystems[key], "▸", cut ? `${shown} … (${words.cutMark(maxTokens)})` : shown);
  });
  return [...context, ...replies];
}

function oneLine(text: string): string {
  return printable(text.replace(/\s+/gu, " "));
}
