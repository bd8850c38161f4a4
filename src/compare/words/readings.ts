import { HABITS, type Comparison, type Habit, type SystemResult } from "../comparison.js";
import { decimal, percent, readEffect, whole } from "./figures.js";
import type { Three, Words } from "./words.js";

/** Every measure of a comparison as one plain sentence. */
export type Readings = {
  setting: string;
  /** Where there are too few replies to be sure of anything. */
  warning: string | null;
  length: string[];
  tuning: string;
  rounding: string;
  habits: { habit: Habit; sentence: string }[];
  variety: string[];
  broken: string;
};

/** With fewer replies than this the intervals are wider than most differences. */
const FEW_REPLIES = 50;
/** From this share of cut replies on, the stock model's length is worth a remark. */
const MANY_CUT = 0.1;

/** The plain sentences of a comparison. */
export function readComparison(comparison: Comparison, words: Words): Readings {
  const { systems, effects, prompts, settings } = comparison;
  const three = (write: (system: SystemResult) => string): Three => ({
    you: write(systems.real),
    stock: write(systems.base),
    tuned: write(systems.f16),
  });
  const cut = systems.base.brokenBy.tokenLimit / systems.base.n;
  const gap = effects.tuning.lengthGapClosed;
  const broken = systems.f16.broken!;
  const nobody = Object.values(systems).every((system) => system.broken!.count === 0);
  return {
    setting: words.readings.setting(prompts),
    warning: prompts.n < FEW_REPLIES ? words.readings.tooFew(prompts.n) : null,
    length: [
      words.readings.length(three((system) => whole(system.medianReplyChars))),
      ...(gap === null ? [] : [words.readings.lengthGap(percent(Math.min(1, Math.max(0, gap))))]),
      words.readings.lengthQ4(whole(systems.q4.medianReplyChars)),
      ...(cut >= MANY_CUT ? [words.readings.cut(percent(cut), settings.maxTokens)] : []),
    ],
    tuning: readEffect(effects.tuning, "tuning", words),
    rounding: readEffect(effects.rounding, "rounding", words),
    habits: shownHabits(comparison).map((habit) => {
      const shares = three((system) => percent(system.habits[habit]?.share ?? 0));
      return { habit, sentence: words.readings.habit(words.habits[habit], shares) };
    }),
    variety: [
      words.readings.lines(three((system) => decimal(system.linesPerReply, 1))),
      words.readings.topReply(three((system) => percent(system.topReply!.share))),
      ...(systems.real.distinct2 === null
        ? []
        : [words.readings.distinct2(three((system) => percent(system.distinct2 ?? 0)))]),
    ],
    broken: nobody
      ? words.readings.noneBroken
      : words.readings.broken({
          tuned: percent(broken.share),
          count: broken.count,
          of: broken.of,
          atMost: percent(broken.high),
          stock: percent(systems.base.broken!.share),
        }),
  };
}

/** The habits that were counted for the person. */
export function shownHabits({ systems }: Comparison): Habit[] {
  return HABITS.filter((habit) => systems.real.habits[habit] !== null);
}
