import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import yauzl from "yauzl";
import { sources } from "../../src/import/sources/registry.js";
import type { Source } from "../../src/import/sources/source.js";
import { packageRoot } from "../../src/project/paths.js";
import { zipOf } from "../zip.js";
import type { TestFile } from "../read-source.js";

/** A format and the files that are damaged to try it. */
export type Examples = { source: Source; files: (TestFile & { content: Buffer })[] };

/**
 * The invented exports of every format.
 *
 * @throws {Error} a format has none: it would go untried
 */
export function readExamples(): Examples[] {
  return sources.map((source) => {
    // Formats that one exporter writes side by side have one folder, named by what their ids share.
    const names = [source.id, source.id.replace(/-[^-]+$/, "")];
    const folder = names
      .map((name) => join(packageRoot, "test", "exports", name))
      .find((path) => existsSync(path));
    const files: Examples["files"] = [];
    if (folder === undefined) throw new Error(`no example of ${source.id} to damage`);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files.push({ path: relative(folder, path).replaceAll(sep, "/"), content: readFileSync(path) });
    }
    if (files.length === 0) throw new Error(`no example of ${source.id} to damage`);
    return { source, files };
  });
}

/** What is packed in a workbook or zip, by name, so that it can be damaged beneath the packing. */
export async function unpacked(bytes: Buffer): Promise<Record<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const parts: Record<string, Buffer> = {};
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    parts[entry.fileName] = Buffer.concat(pieces);
  }
  return parts;
}

/** Files of all formats as one zip. */
export function zipOfExamples(examples: readonly Examples[]): Buffer {
  const files = examples.flatMap(({ source, files }) =>
    files.slice(0, 1).map(({ path, content }) => [`${source.id}/${path}`, content] as const),
  );
  return zipOf(Object.fromEntries(files));
}
