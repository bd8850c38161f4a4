import { localTimeIn } from "../src/import/local-time.js";
import type { ChatFile, Draft, Found, ReadContext, Source } from "../src/import/sources/source.js";
import { readHead } from "../src/import/find-files.js";

/** A file of a test: where it lies, such as `小满(wxid_demo1)/小满.csv`, and what it holds. */
export type TestFile = { path: string; content: string | Uint8Array };

/** What a source finds in a file, by kind. */
export type Read = { messages: Draft[]; problems: string[]; notes: string[]; owners: string[] };

/** A file that exists in memory only, in pieces of odd sizes so that characters are torn apart. */
export function memoryFile({ path, content }: TestFile): ChatFile {
  return piecesOf(path, Buffer.from(content), () => 1021);
}

/** The same, in pieces of sizes of one's own. */
export function piecesOf(path: string, bytes: Uint8Array, nextSize: () => number): ChatFile {
  const parts = path.split("/");
  return {
    path: `/${path}`,
    label: path,
    name: parts.at(-1)!,
    folders: ["exports", ...parts.slice(0, -1)],
    sizeBytes: bytes.length,
    open: async function* () {
      for (let at = 0; at < bytes.length;) {
        const size = nextSize();
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
  };
}

/** How sure a source is of a file. */
export async function sniffFile(source: Source, file: TestFile): Promise<number> {
  return source.sniff(await readHead(memoryFile(file)));
}

/**
 * Reads a file as the import would.
 *
 * @param beside other files of the same export, which `near` finds by name
 */
export async function readSource(
  source: Source,
  file: TestFile,
  context: Partial<ReadContext> = {},
  beside: readonly TestFile[] = [],
): Promise<Read> {
  const files = beside.map(memoryFile);
  const found: Found[] = [];
  const whole: ReadContext = {
    named: { name: "", accountId: null },
    near: (name) => files.find((one) => one.name === name),
    localTime: localTimeIn("Asia/Shanghai"),
    columns: null,
    run: {},
    ...context,
  };
  for await (const one of source.read(memoryFile(file), whole)) found.push(one);
  return {
    messages: found.flatMap((one) => (one.kind === "message" ? [one.message] : [])),
    problems: found.flatMap((one) => (one.kind === "problem" ? [`${one.place}: ${one.what}`] : [])),
    notes: found.flatMap((one) => (one.kind === "note" ? [one.what] : [])),
    owners: found.flatMap((one) => (one.kind === "owner" ? [one.sender] : [])),
  };
}
