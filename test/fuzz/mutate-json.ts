import type { Random } from "../../src/random.js";
import { below, cutAt, flipBits, HOSTILE_COUNTS, pick } from "./hostile.js";

/** What stands in a tree where a text is to be put that no value serializes to. */
const mark = (index: number) => `@@raw${index}@@`;

type Node = Record<string, unknown> | unknown[];

/** Texts for one value: wrong types, hostile numbers, things that only look like JSON, depth and length. */
function hostileText(random: Random): string {
  const depth = pick(random, [20, 500, 50_000]);
  return pick<() => string>(random, [
    () => "null",
    () => "true",
    () => '""',
    () => '"x"',
    () => "[]",
    () => "{}",
    () => "[[]]",
    () => '{"type":"x"}',
    () => "-1",
    () => "-0",
    () => "0.5",
    () => "1e999",
    () => "1e-320",
    () => "NaN",
    () => "-Infinity",
    () => String(pick(random, HOSTILE_COUNTS)),
    () => String(pick(random, HOSTILE_COUNTS)),
    () => `-${pick(random, HOSTILE_COUNTS)}`,
    () => "[".repeat(depth) + "]".repeat(depth),
    () => '{"a":'.repeat(depth) + "1" + "}".repeat(depth),
    () => `[${"1,".repeat(depth)}1]`,
    () => JSON.stringify("x".repeat(depth * 20)),
    () => JSON.stringify('\\"\n\u0000\u001b[2J'.repeat(depth)),
    () => '"\\ud800"',
    () => '"\u2028line\\nbreak"',
    () => '"constructor"',
    () => '"__proto__"',
    () => '"(a+)+$"',
  ])();
}

/**
 * A JSON text with one to three things wrong: a value replaced, removed or doubled somewhere in the tree, a key that
 * stands twice, a bit turned over, a cut at a border of its structure, or bytes that are no UTF-8.
 *
 * @param value what the text says before
 */
export function mutateJson(value: unknown, random: Random): Buffer {
  const times = 1 + below(random, 3);
  if (random() < 0.8) return Buffer.from(mutateTree(value, random, times));
  return mutateText(Buffer.from(JSON.stringify(value)), random);
}

function mutateTree(value: unknown, random: Random, times: number): string {
  const raws: string[] = [];
  const root = { value: structuredClone(value) };
  for (let time = 0; time < times; time += 1) {
    const { holder, key } = place(root, random);
    const raw = (text: string) => {
      raws.push(text);
      return mark(raws.length - 1);
    };
    const kind = random();
    if (kind < 0.7 || Array.isArray(holder)) {
      const before = JSON.stringify(Reflect.get(holder, key)) ?? "null";
      Reflect.set(holder, key, raw(kind < 0.6 ? hostileText(random) : `[${before},${before}]`));
    } else if (kind < 0.85) {
      Reflect.deleteProperty(holder, key);
    } else {
      // The key a second time, with another value, or a key that JavaScript's own objects have.
      const twice = JSON.stringify(pick(random, [key, key, "__proto__", "constructor", ""]));
      const held = JSON.stringify(Reflect.get(holder, key)) ?? "null";
      Reflect.set(holder, key, raw(`${held},${twice}:${hostileText(random)}`));
    }
  }
  // A later text may hold the mark of an earlier one.
  return raws.reduceRight(
    (text, raw, index) => text.replaceAll(`"${mark(index)}"`, () => raw),
    JSON.stringify(root.value) ?? "",
  );
}

/** Somewhere in the tree: shallow places are likelier, so that a vocabulary does not take all the attention. */
function place(root: { value: unknown }, random: Random): { holder: Node; key: string } {
  let holder: Node = root;
  let key = "value";
  for (;;) {
    const value: unknown = Reflect.get(holder, key);
    if (value === null || typeof value !== "object" || random() < 0.1) return { holder, key };
    const keys = Object.keys(value);
    if (keys.length === 0) return { holder, key };
    holder = value as Node;
    key = pick(random, keys);
  }
}

function mutateText(bytes: Buffer, random: Random): Buffer {
  const borders = [0];
  bytes.forEach((byte, at) => {
    if ('{}[],:"'.includes(String.fromCharCode(byte))) borders.push(at);
  });
  return pick<() => Buffer>(random, [
    () => flipBits(bytes, random, 0, bytes.length),
    () => cutAt(bytes, random, borders),
    () => splice(bytes, pick(random, borders), Buffer.from([pick(random, [0xff, 0xc0, 0x80, 0, 0xed])])),
    () => splice(bytes, pick(random, borders), Buffer.from(pick(random, ["{", "]", ",", '"', "\\", "0"]))),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    () => Buffer.from(bytes.toString("utf8"), "utf16le"),
    () => Buffer.concat([bytes, bytes]),
  ])();
}

function splice(bytes: Buffer, at: number, put: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at)]);
}
