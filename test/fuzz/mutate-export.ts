import type { Random } from "../../src/random.js";
import { below, flipBits, HOSTILE_COUNTS, pick } from "./hostile.js";

/** What tears formats apart: their own marks, characters that are none, and what people paste. */
const FRAGMENTS = [
  '"',
  "'",
  "\\",
  "\\x1F",
  "{",
  "]",
  "}},{{",
  ",,,,",
  "\t\t",
  "\r",
  "\n\n\n",
  "\0\0\0\0",
  "\u202E\u2028\uFEFF",
  "null",
  '{"__proto__":{"a":1}}',
  "<!--",
  "<script>",
  "&#x110000;&amp;&lol;",
  "<div class='msg'>",
  "]]>",
  "2024-05-01 25:61:61",
  "99999/99/99, 99:99",
  "2024-05-01 16:00:00 ",
  "[14/03/25, 1:55:00 PM] ",
];

/** An export with one to three things wrong, as a disk, a network, another program or somebody hostile leaves it. */
export function mutateExport(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let mutated = bytes;
  for (let times = 1 + below(random, 3); times > 0; times -= 1) mutated = mutateOnce(mutated, others, random);
  return mutated;
}

function mutateOnce(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = below(random, bytes.length + 1);
  const span = bytes.subarray(at, at + 1 + below(random, pick(random, [4, 64, 4096])));
  const after = bytes.subarray(at + span.length);
  const before = bytes.subarray(0, at);
  return pick<() => Buffer>(random, [
    () => flipBits(bytes, random, 0, bytes.length),
    () => flipBits(bytes, random, at, Math.min(bytes.length, at + 40)),
    () => Buffer.from(before),
    () => Buffer.from(after),
    () => Buffer.concat([before, after]),
    () => Buffer.concat([before, span, span, after]),
    () => Buffer.concat([before, ...Array.from({ length: 50 }, () => span), after]),
    () => Buffer.concat([before, Buffer.from(pick(random, FRAGMENTS)), after]),
    () => Buffer.concat([before, Buffer.from(pick(random, FRAGMENTS)), span, after]),
    () =>
      Buffer.concat([before, Buffer.from([pick(random, [0xff, 0xc0, 0x80, 0, 0xed, 0x81, 0x1b])]), after]),
    () => Buffer.concat([before, nested(random), after]),
    () => Buffer.concat([before, longLine(random), after]),
    () => Buffer.concat([before, pick(random, others).subarray(0, 4096), after]),
    () => hugeNumber(bytes, random),
    () => reencoded(bytes, random),
    () => otherLineEnds(bytes, random),
  ])();
}

function nested(random: Random): Buffer {
  const depth = pick(random, [20, 300, 20_000]);
  return Buffer.from(pick(random, ["[", '{"a":', "<div>", "<b><i>", "> ", '"', "(", "[["]).repeat(depth));
}

function longLine(random: Random): Buffer {
  const unit = pick(random, ["x", " ", "你", ",", "\t", '""', "\\\\", ": ", "a@", "1", "<a ", "] "]);
  return Buffer.from(unit.repeat(pick(random, [1000, 30_000, 100_000])));
}

/** One of the runs of digits replaced by a number at the border of a type, or one of a thousand digits. */
function hugeNumber(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("latin1");
  const runs = [...text.matchAll(/\d+/g)];
  if (runs.length === 0) return bytes;
  const run = pick(random, runs);
  const number =
    random() < 0.2 ? "9".repeat(1000) : `${pick(random, ["", "-"])}${pick(random, HOSTILE_COUNTS)}`;
  const changed = text.slice(0, run.index) + number + text.slice(run.index + run[0].length);
  return Buffer.from(changed, "latin1");
}

/** The text in another encoding than its own, with and without a byte order mark, or read in the wrong one. */
function reencoded(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString("utf8");
  return pick<() => Buffer>(random, [
    () => Buffer.from(text, "utf16le"),
    () => Buffer.from(`\uFEFF${text}`, "utf16le"),
    () => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
    () => Buffer.from(`\uFEFF${text}`),
    () => Buffer.from(bytes.toString("latin1")),
    () => Buffer.from(text, "latin1"),
  ])();
}

function otherLineEnds(bytes: Buffer, random: Random): Buffer {
  const end = pick(random, ["\r", "\r\n", "", "\n\n", "\u2028"]);
  return Buffer.from(
    bytes.toString("latin1").replace(/\r?\n/g, () => end),
    "latin1",
  );
}
