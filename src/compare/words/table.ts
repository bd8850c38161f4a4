import { SYSTEM_KEYS, type Comparison, type SystemResult } from "../comparison.js";
import type { Share } from "../measures/wilson.js";
import { decimal, percent, whole } from "./figures.js";
import { shownHabits } from "./readings.js";
import type { Words } from "./words.js";

/** A table in words: the first cell of each row names it. */
export type Table = { head: string[]; rows: string[][] };

/** What stands where there is nothing to measure. */
const NOTHING = "·";

/** Every figure of every system. */
export function tabulate(comparison: Comparison, words: Words): Table {
  const { systems } = comparison;
  const row = (name: string, write: (system: SystemResult) => string): string[] => [
    name,
    ...SYSTEM_KEYS.map((key) => write(systems[key])),
  ];
  return {
    head: ["", ...SYSTEM_KEYS.map((key) => words.shortSystems[key])],
    rows: [
      row(words.rows.medianReplyChars, ({ medianReplyChars }) => whole(medianReplyChars)),
      row(words.rows.quartileReplyChars, ({ quartileReplyChars }) => quartileReplyChars.map(whole).join("–")),
      row(words.rows.lengthRatio, ({ medianReplyChars }) =>
        decimal(medianReplyChars / systems.real.medianReplyChars, 1),
      ),
      row(words.rows.lengthDistance, ({ lengthDistance }) => decimal(lengthDistance, 2)),
      row(words.rows.nllPerChar, ({ nllPerChar }) => number(nllPerChar, 2)),
      row(words.rows.linesPerReply, ({ linesPerReply }) => decimal(linesPerReply, 1)),
      ...shownHabits(comparison).map((habit) =>
        row(words.habits[habit], ({ habits }) => share(habits[habit])),
      ),
      row(words.rows.topReply, ({ topReply }) => share(topReply)),
      row(words.rows.distinct2, (system) =>
        system.distinct2 === null ? NOTHING : percent(system.distinct2),
      ),
      row(words.rows.broken, ({ broken }) => share(broken)),
    ],
  };
}

function share(value: Share | null): string {
  return value ? percent(value.share) : NOTHING;
}

function number(value: number | null, digits: number): string {
  return value === null ? NOTHING : decimal(value, digits);
}
