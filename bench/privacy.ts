import { join } from "node:path";
import { readPersona } from "../personas/read.js";
import { findPrivate, mayBePrivate } from "../src/dialogue/privacy/find-private.js";
import { toHalfWidth } from "../src/dialogue/privacy/half-width.js";
import { protect } from "../src/dialogue/privacy/protect.js";
import { StandIns } from "../src/dialogue/privacy/stand-ins.js";
import type { Message } from "../src/import/message.js";
import { packageRoot } from "../src/project/paths.js";
import { createRandom } from "../src/random.js";
import { message } from "../test/message.js";
import { harmlessSamples, privateSamples } from "../test/private-samples.js";

// How much of invented private data is found, how much of what is found is private, and how fast a million messages are
// gone through?
//   node dist/bench/privacy.js

const SEED = Number(process.argv[2] ?? 1);
const MESSAGES = 1_000_000;

const counts = new Map<
  string,
  { all: number; hit: number; right: number; found: number; missed: string[] }
>();
const of = (kind: string) => {
  const count = counts.get(kind) ?? { all: 0, hit: 0, right: 0, found: 0, missed: [] };
  counts.set(kind, count);
  return count;
};
const find = (text: string) => {
  const plain = toHalfWidth(text);
  return mayBePrivate(plain) ? findPrivate(plain, new Set()) : [];
};
for (const { kind, text, value } of privateSamples(SEED)) {
  const start = text.indexOf(value);
  const end = start + value.length;
  const found = find(text);
  const count = of(kind);
  count.all += 1;
  const covered = found.filter((one) => one.start < end && one.end > start);
  if (covered.some((one) => one.kind === kind && one.start <= start && one.end >= end)) count.hit += 1;
  else
    count.missed.push(
      `${text} [${found.map((one) => `${one.kind} ${text.slice(one.start, one.end)}`).join(", ")}]`,
    );
  for (const one of found) {
    of(one.kind).found += 1;
    if (one.start < end && one.end > start) of(one.kind).right += 1;
    else count.missed.push(`extra ${one.kind} ${text.slice(one.start, one.end)} in ${text}`);
  }
}
let alarms = 0;
for (const text of harmlessSamples(SEED)) {
  for (const one of find(text)) {
    alarms += 1;
    of(one.kind).found += 1;
    console.log(`false alarm: ${one.kind} "${text.slice(one.start, one.end)}" in "${text}"`);
  }
}
for (const [kind, { all, hit, right, found, missed }] of counts) {
  const recall = all === 0 ? "   –" : `${((hit / all) * 100).toFixed(0).padStart(3)}%`;
  console.log(
    `${kind.padEnd(16)} recall ${recall} of ${all}, precision ${((right / found) * 100).toFixed(1)}% of ${found}`,
  );
  for (const one of missed) console.log(`    ${one}`);
}
console.log(`2,000 harmless messages: ${alarms} false alarms`);

const personas = ["aze", "remy", "wren"].map((name) => readPersona(join(packageRoot, "personas", name)));
const said = (await Promise.all(personas)).flatMap(({ name, sessions }) =>
  sessions.flatMap(({ contact, bubbles }) =>
    bubbles.map(({ owner, text }) => ({ contact, owner, sender: owner ? name : contact, text })),
  ),
);
const spoken = Array.from({ length: MESSAGES }, (_, at) => message({ ...said[at % said.length]!, time: at }));
await measure("as the personas write", spoken);

const random = createRandom("speed");
const pool = [
  ...harmlessSamples(2),
  ...privateSamples(2)
    .slice(0, 60)
    .map(({ text }) => text),
];
const dense = Array.from({ length: MESSAGES }, (_, at) =>
  message({ time: at, text: pool[Math.floor(random() * pool.length)]! }),
);
await measure("nearly all with digits", dense);

async function measure(what: string, messages: Message[]): Promise<void> {
  const megabytes = messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
  for (let round = 0; round < 3; round += 1) {
    const started = process.cpuUsage();
    const { report } = await protect(messages, { policy: "stand-in", standIns: StandIns.begin() });
    const seconds = process.cpuUsage(started).user / 1e6;
    console.log(
      `${MESSAGES} messages ${what}, ${megabytes.toFixed(1)} MB: ${seconds.toFixed(2)} s of one core, ${(megabytes / seconds).toFixed(1)} MB/s, ${report.messages} with private data`,
    );
  }
}
