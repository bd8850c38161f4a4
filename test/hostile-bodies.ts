import { createRandom } from "../src/random.js";
import { TINY } from "./serving.js";

/** A request that a hostile client may send. */
export type HostileRequest = { method: string; path: string; type: string; body: Uint8Array };

/** What a body became: one that no server may take, or one that may still be taken. */
export type Hostility = { kind: "broken" | "strange"; what: string };

const messages = [
  { role: "system", content: "You text Ada." },
  { role: "user", content: "Do you have the tickets?" },
];
const options = { num_predict: 2, temperature: 0.5, stop: ["x"], num_ctx: 256, seed: 1 };

/** A good request of each route that takes a body. */
const GOOD: { method: string; path: string; body: object }[] = [
  {
    method: "POST",
    path: "/api/chat",
    body: { model: TINY, messages, options, stream: true, keep_alive: "5m" },
  },
  {
    method: "POST",
    path: "/v1/api/chat",
    body: { model: TINY, messages, options, stream: false, format: "json" },
  },
  {
    method: "POST",
    path: "/api/generate",
    body: { model: TINY, prompt: "Hi", options, stream: false, raw: true },
  },
  { method: "POST", path: "/api/embed", body: { model: TINY, input: ["Hi", "there"], truncate: true } },
  { method: "POST", path: "/api/embeddings", body: { model: TINY, prompt: "Hi" } },
  { method: "POST", path: "/api/show", body: { model: TINY, verbose: false } },
  { method: "POST", path: "/api/copy", body: { source: TINY, destination: "copied" } },
  { method: "POST", path: "/api/pull", body: { model: "somebody/else", stream: false, insecure: true } },
  {
    method: "POST",
    path: "/api/create",
    body: { model: "made", from: TINY, system: "You text Bo.", parameters: { stop: ["y"] }, stream: false },
  },
  { method: "DELETE", path: "/api/delete", body: { model: "made" } },
  {
    method: "POST",
    path: "/v1/chat/completions",
    body: {
      model: TINY,
      messages,
      max_tokens: 2,
      n: 1,
      stream: true,
      stop: ["x"],
      logprobs: true,
      top_logprobs: 2,
    },
  },
  {
    method: "POST",
    path: "/v1/completions",
    body: { model: TINY, prompt: "Hi", max_tokens: 2, stream: false },
  },
  { method: "POST", path: "/v1/embeddings", body: { model: TINY, input: ["Hi"], encoding_format: "float" } },
];

const WRONG_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  "",
  "\u0000",
  "-1",
  "NaN",
  "é".repeat(5000),
  "\ud800",
  0,
  -1,
  0.5,
  1e308,
  -1e308,
  2 ** 53,
  5e-324,
  [],
  {},
  [null],
  [[[]]],
  { __proto__: null, constructor: 1, toString: 2 },
];

const TYPES = [
  "application/json",
  "",
  "text/plain",
  "application/x-www-form-urlencoded",
  "image/png",
  'a/b; c="d',
];

/** For tests: requests with bodies that are broken or strange, the same ones for a seed. */
export function* hostileRequests(
  seed: string,
  count: number,
): Generator<{ request: HostileRequest; hostility: Hostility }> {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  for (let made = 0; made < count; made += 1) {
    const good = GOOD[made % GOOD.length]!;
    const text = JSON.stringify(good.body);
    const bytes = Buffer.from(text);
    const breakings: Record<string, () => Uint8Array> = {
      "cut off": () => bytes.subarray(0, below(bytes.length)),
      "not UTF-8": () => Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xc3, 0x28]), bytes.subarray(2)]),
      "no end of string": () => Buffer.from(text.replace(/"}$|}$/, '"')),
      "bare NUL": () => Buffer.from(text.replace('"', '\0"')),
      deep: () => Buffer.from(`{"model":${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
      "not JSON": () =>
        Buffer.from(pick(["NaN", "undefined", "{'a':1}", "a=b", "<x/>", "{,}", "[1,]", "0x1", "\ufeff"])),
      "no object": () => Buffer.from(pick(["null", "1", '"text"', "[]", "true", "[{}]"])),
    };
    const changings: Record<string, () => Uint8Array> = {
      "wrong values": () => Buffer.from(JSON.stringify(changed(good.body, pick, below))),
      "huge numbers": () =>
        Buffer.from(
          text.replaceAll(
            /:\d+(\.\d+)?/g,
            () => `:${pick(["1e999", "-1e999", "9".repeat(400), "1e-999", "-0"])}`,
          ),
        ),
      "twice the key": () => Buffer.from(`{"model":"other",${text.slice(1, -1)},"model":[1],"stream":true}`),
      "a key gone": () => {
        const entries = Object.entries(good.body);
        entries.splice(below(entries.length), 1);
        return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
      },
      "bytes changed": () => {
        const copy = Buffer.from(bytes);
        for (let times = 0; times < 3; times += 1) copy[below(copy.length)] = below(128);
        return copy;
      },
    };
    const kind = random() < 0.5 ? "broken" : "strange";
    const kinds = kind === "broken" ? breakings : changings;
    const what = pick(Object.keys(kinds));
    const request = { method: good.method, path: good.path, type: pick(TYPES), body: kinds[what]!() };
    yield { request, hostility: { kind, what } };
  }
}

/** A value with one of its parts, however deep, replaced by a wrong one. */
function changed(
  value: unknown,
  pick: <Item>(items: readonly Item[]) => Item,
  below: (limit: number) => number,
): unknown {
  if (typeof value !== "object" || value === null || below(4) === 0) return pick(WRONG_VALUES);
  const key = pick(Object.keys(value));
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = changed(copy[key], pick, below);
  return copy;
}
