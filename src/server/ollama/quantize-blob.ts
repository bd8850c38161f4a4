import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { QuantizedType } from "../../engines/ports.js";
import { openGguf } from "../../formats/gguf/read.js";
import { hashFile } from "../../hash-file.js";
import type { Progress, Run } from "../../progress.js";
import { HttpError } from "../http-error.js";
import type { ServerParts } from "../server-parts.js";
import { factsOf } from "./model-facts.js";

/** A step of something that takes time. */
export type StatusLine = { status: string; digest?: string; total?: number; completed?: number };

const TYPES: readonly QuantizedType[] = ["Q4_0", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0"];
const WHOLE_TYPES = ["F16", "F32", "BF16"];
/** As `Catalogue.blobPath` takes it. */
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

/**
 * What a request's `quantize` asks for; undefined for nothing.
 *
 * @throws {HttpError} 400: a type that we do not make
 */
export function quantizedType(name: string): QuantizedType | undefined {
  if (name === "") return undefined;
  const upper = name.toUpperCase();
  const type = TYPES.find((each) => each === (upper === "Q4_K" ? "Q4_K_M" : upper));
  if (!type) throw new HttpError(400, `quantize "${name.slice(0, 40)}": unknown (${TYPES.join(", ")})`);
  return type;
}

/**
 * Keeps a smaller one of a GGUF file as a blob, with lines about how far it is.
 *
 * @returns the digest; undefined where the file is of that type already
 * @throws {HttpError} 400: it has been made smaller before
 */
export async function* quantizeBlob(
  { catalogue, quantizer }: Pick<ServerParts, "catalogue" | "quantizer">,
  source: string,
  type: QuantizedType,
  run: Run,
): AsyncGenerator<StatusLine, string | undefined> {
  const file = await openGguf(source, "serve");
  await file.close();
  const { fileType } = factsOf(file);
  if (fileType === type) return undefined;
  if (!WHOLE_TYPES.includes(fileType)) {
    throw new HttpError(400, "quantization is only supported for F16 and F32 models");
  }
  const status = `quantizing ${fileType} model to ${type}`;
  yield { status };
  const blobs = dirname(catalogue.blobPath(NO_DIGEST));
  await mkdir(blobs, { recursive: true });
  // Among the blobs, where what a broken upload left behind is swept too.
  const target = `${blobs}/${randomUUID()}.partial`;
  try {
    const work = (onProgress: (progress: Progress) => void) =>
      quantizer().then((each) => each.quantize(source, target, type, { ...run, onProgress }));
    for await (const { done, total } of progressOf(work)) yield { status, total, completed: done };
    const digest = `sha256:${await hashFile(target, run.signal)}`;
    await catalogue.writeBlob(digest, createReadStream(target));
    return digest;
  } finally {
    await rm(target, { force: true });
  }
}

/** What some work reports, the latest only where several came since the last was taken. */
async function* progressOf(
  work: (onProgress: (progress: Progress) => void) => Promise<void>,
): AsyncGenerator<Progress, void> {
  const news: { latest?: Progress; over: boolean; wake: () => void } = { over: false, wake: () => {} };
  const working = work((progress) => {
    news.latest = progress;
    news.wake();
  }).finally(() => {
    news.over = true;
    news.wake();
  });
  // Thrown below; until then it must not count as unhandled.
  working.catch(() => {});
  try {
    while (!news.over) {
      await new Promise<void>((resolve) => {
        news.wake = resolve;
        if (news.latest || news.over) resolve();
      });
      const { latest } = news;
      delete news.latest;
      if (latest) yield latest;
    }
  } finally {
    await working.catch(() => {});
  }
  await working;
}
