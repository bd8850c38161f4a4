import { HABITS, type Habit, type SystemResult } from "./comparison.js";
import { bootstrap, type Interval } from "./measures/bootstrap.js";
import { BREAKAGES, breakages, type Breakage } from "./measures/broken.js";
import { bubbles } from "./measures/bubbles.js";
import { countCharacters } from "./measures/characters.js";
import { hasEmoji } from "./measures/emoji.js";
import { finalMark } from "./measures/final-mark.js";
import { hasLaughter } from "./measures/laughter.js";
import { splitHalfDistance } from "./measures/length-distance.js";
import { isLowerCase } from "./measures/lower-case.js";
import { endsInParticle } from "./measures/particle.js";
import { quantile } from "./measures/quantile.js";
import { countScripts, scriptsOf, type Script } from "./measures/script.js";
import { countPairs, countTopReply, distinct2 } from "./measures/variety.js";
import { wilson, type Share } from "./measures/wilson.js";
import { group, type Prompt } from "./prompts.js";

/** What a system wrote at a prompt. */
export type Reply = { prompt: Prompt; text: string; cut: boolean; nats: number | null };

/** What every system is measured against. */
export type Yardstick = {
  real: readonly Reply[];
  realChars: readonly number[];
  /** Scripts that the person uses. */
  scripts: ReadonlySet<Script>;
  chatLanguage: "zh" | "other";
  /** Pairs of words that variety is counted on. */
  pairBudget: number;
  seed: number;
};

/** A script that makes up less of the person's letters is not theirs. */
const LEAST_SCRIPT = 0.01;
const LEAST_HAN = 0.3;

/** What the person's replies and the sizes of all systems' replies say about how to measure. */
export function makeYardstick(
  real: readonly Reply[],
  all: readonly (readonly Reply[])[],
  seed: number,
): Yardstick {
  const text = real.map((reply) => reply.text).join("\n");
  const letters = countScripts(text);
  const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
  const budgets = all
    .map((replies) => countPairs(replies.map((reply) => reply.text)))
    .filter((pairs) => pairs > 0);
  return {
    real,
    realChars: real.map((reply) => countCharacters(reply.text.trim())),
    scripts: scriptsOf(text, LEAST_SCRIPT),
    chatLanguage: (letters.get("Han") ?? 0) >= LEAST_HAN * total && total > 0 ? "zh" : "other",
    pairBudget: budgets.length === 0 ? 0 : Math.min(...budgets),
    seed,
  };
}

/** Everything that is measured of one system's replies, but for its file and seeds. */
export function measureSystem(
  replies: readonly Reply[],
  yardstick: Yardstick,
): Omit<SystemResult, "file" | "sizeBytes" | "hash" | "seeds"> {
  const texts = replies.map((reply) => reply.text.trim());
  const counted = replies.map(count);
  const chars = counted.map((one) => one.chars);
  const broken = replies.map((reply) => breakagesOf(reply, yardstick));
  return {
    n: replies.length,
    medianReplyChars: quantile(chars, 0.5),
    quartileReplyChars: [quantile(chars, 0.25), quantile(chars, 0.75)],
    replyChars: chars,
    lengthDistance: splitHalfDistance(chars, yardstick.realChars, `halves ${yardstick.seed}`),
    nllPerChar: surprise(counted),
    linesPerReply: linesPerReply(counted),
    habits: measureHabits(texts.flatMap(bubbles), yardstick.chatLanguage),
    topReply: wilson(countTopReply(texts), texts.length),
    distinct2: distinct2(texts, yardstick.pairBudget),
    broken: wilson(broken.filter((found) => found.length > 0).length, replies.length),
    brokenBy: Object.fromEntries(
      BREAKAGES.map((kind) => [kind, broken.filter((found) => found.includes(kind)).length]),
    ) as Record<Breakage, number>,
    intervals: {
      medianReplyChars: interval(counted, medianChars, yardstick.seed),
      nllPerChar:
        replies[0]?.nats === null ? null : interval(counted, (some) => surprise(some)!, yardstick.seed),
      linesPerReply: interval(counted, linesPerReply, yardstick.seed),
    },
  };
}

/** All ways in which a reply is broken. */
export function breakagesOf({ text, cut, prompt }: Reply, yardstick: Yardstick): Breakage[] {
  const asked = scriptsOf(prompt.context.at(-1)?.text ?? "", LEAST_SCRIPT);
  return breakages(text, cut, new Set([...yardstick.scripts, ...asked]));
}

/** What a statistic needs of a reply, counted once: resampling looks at every reply thousands of times. */
type Counted = { prompt: Prompt; chars: number; lines: number; nats: number | null; realChars: number };

function count({ prompt, text, nats }: Reply): Counted {
  return {
    prompt,
    chars: countCharacters(text.trim()),
    lines: bubbles(text).length,
    nats,
    realChars: countCharacters(prompt.reply.trim()),
  };
}

/** Replies in groups that are resampled as a whole. */
export function byDialogue<Item extends { prompt: Prompt }>(replies: readonly Item[]): Item[][] {
  return group(replies, ({ prompt }) => prompt.dialogueId);
}

function interval(
  replies: readonly Counted[],
  statistic: (replies: readonly Counted[]) => number,
  seed: number,
): Interval | null {
  return bootstrap(byDialogue(replies), statistic, `bootstrap ${seed}`);
}

function medianChars(replies: readonly Counted[]): number {
  return quantile(
    replies.map(({ chars }) => chars),
    0.5,
  );
}

/** Nats per character of the real replies; null where nothing was scored. */
function surprise(replies: readonly Counted[]): number | null {
  let nats = 0;
  let chars = 0;
  for (const reply of replies) {
    if (reply.nats === null) return null;
    nats += reply.nats;
    chars += reply.realChars;
  }
  return nats / chars;
}

function linesPerReply(replies: readonly Counted[]): number {
  return replies.reduce((sum, { lines }) => sum + lines, 0) / replies.length;
}

function measureHabits(all: readonly string[], language: "zh" | "other"): Record<Habit, Share | null> {
  const share = (test: (bubble: string) => boolean): Share | null =>
    wilson(all.filter(test).length, all.length);
  const cased = all.map(isLowerCase).filter((lower) => lower !== null);
  const shares: Record<Habit, Share | null> = {
    emoji: share(hasEmoji),
    laughter: share(hasLaughter),
    particle: language === "zh" ? share(endsInParticle) : null,
    lowerCase: language === "zh" ? null : wilson(cased.filter(Boolean).length, cased.length),
    fullStop: share((bubble) => finalMark(bubble) === "fullStop"),
    exclamation: share((bubble) => finalMark(bubble) === "exclamation"),
    question: share((bubble) => finalMark(bubble) === "question"),
  };
  return Object.fromEntries(HABITS.map((habit) => [habit, shares[habit]])) as Record<Habit, Share | null>;
}
