/** What of a response is the same each time: values of chance are told by their kinds. */
export type Described = {
  status: number;
  type: string | null;
  /** One object a line, the last one ended too; or one without a line break; or some text. */
  framing: "lines" | "object" | "text" | "none";
  /** Of lines every kind once, in the order of their first. */
  body: unknown[];
};

/** A response as it has to be on both servers. */
export async function describeResponse(response: Response): Promise<Described> {
  const text = await response.text();
  // JSON is UTF-8, whether said so or not.
  const type = response.headers.get("content-type")?.split(";")[0] ?? null;
  const known = { status: response.status, type };
  if (text === "") return { ...known, framing: "none", body: [] };
  if (!type?.endsWith("json")) return { ...known, framing: "text", body: [text] };
  if (!text.endsWith("\n")) return { ...known, framing: "object", body: [describe(JSON.parse(text))] };
  const kinds = text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.stringify(describe(JSON.parse(line))));
  return { ...known, framing: "lines", body: [...new Set(kinds)].map((kind) => JSON.parse(kind) as unknown) };
}

const DIGEST = /(sha256:)?[0-9a-f]{64}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Of chance, or as fast as the machine: only the kind is compared. */
const CHANCE = new Set([
  "content",
  "response",
  "embedding",
  "embeddings",
  "context",
  "size",
  "size_vram",
  "total",
  "completed",
]);

/** Texts that hold paths, or lines in an order of chance. */
const FREE_TEXTS = new Set(["modelfile", "template"]);

function describe(value: unknown, key = ""): unknown {
  if (CHANCE.has(key) || FREE_TEXTS.has(key) || key.endsWith("_duration")) return kindOf(value);
  if (key === "parameters") return String(value).split("\n").sort();
  if (typeof value === "string") return TIME.test(value) ? "<time>" : value.replace(DIGEST, "<digest>");
  if (Array.isArray(value)) return value.map((item) => describe(item)).sort(byName);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    name,
    describe(item, name),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lists of models and of tensors are in an order of chance. */
function byName(a: unknown, b: unknown): number {
  const [one, other] = [a, b].map((item) => String((item as { name?: unknown } | null)?.name ?? ""));
  return one! < other! ? -1 : Number(one! > other!);
}

/** Its type; of a text whether anything is in it, of lists how long they are, of a number whether it is over 0. */
function kindOf(value: unknown): string {
  if (Array.isArray(value))
    return value.every((item) => typeof item === "number") ? "numbers" : value.map(kindOf).join();
  if (typeof value === "string") return value === "" ? "empty" : "text";
  if (typeof value === "number") return value > 0 ? "over 0" : "number";
  return typeof value;
}
