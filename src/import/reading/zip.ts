import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import { MalformedInput } from "../../errors.js";

/** An entry of a zip, as its central directory has it. */
export type ZipEntry = yauzl.Entry;

/** A zip that is open for reading. */
export type Zip = {
  entries(): AsyncIterable<ZipEntry>;
  /** Inflates an entry; @throws {MalformedInput} its bytes are damaged */
  read(entry: ZipEntry, label: string): AsyncIterable<Uint8Array>;
  close(): void;
};

/** Chats shrink to a tenth, the same words over and over to a hundredth; only what is made to harm goes beyond. */
const MAX_RATIO = 200;
/** Below this a bomb does no harm. */
const HARMLESS_BYTES = 64 * 2 ** 20;
/** All entries together; the largest exports known have some gigabytes, most of it media. */
export const MAX_INFLATED_BYTES: number = 64 * 2 ** 30;

/** General purpose bit 0 and the method of a strong encryption. */
const ENCRYPTED = 1;

/** Why an entry cannot or must not be inflated, as a phrase; undefined if it can. */
export function whyNotInflated(entry: ZipEntry): string | undefined {
  const { generalPurposeBitFlag, compressedSize, uncompressedSize, compressionMethod } = entry;
  if ((generalPurposeBitFlag & ENCRYPTED) !== 0) return "encrypted; unpack it with its password first";
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    return `packed by method ${compressionMethod}; unpack it first`;
  }
  if (uncompressedSize > HARMLESS_BYTES && uncompressedSize > MAX_RATIO * compressedSize) {
    return `would grow to ${uncompressedSize} bytes, over ${MAX_RATIO} times its size in the zip`;
  }
  return uncompressedSize > MAX_INFLATED_BYTES
    ? `would grow to ${uncompressedSize} bytes (at most ${MAX_INFLATED_BYTES})`
    : undefined;
}

/**
 * Opens a zip, given its path or its bytes. Names are left as bytes, and nothing is ever written to disk.
 *
 * @throws {MalformedInput} not a zip, or its central directory is damaged
 */
export async function openZip(source: string | Buffer, label: string): Promise<Zip> {
  const options = { decodeStrings: false, autoClose: false };
  const opened =
    typeof source === "string"
      ? yauzl.openPromise(source, options)
      : yauzl.fromBufferPromise(source, options);
  const zip = await opened.catch((cause: unknown) => {
    throw damaged(label, "the zip is damaged or cut off", cause);
  });
  return {
    entries: async function* () {
      try {
        yield* zip.eachEntry();
      } catch (cause) {
        throw damaged(label, "the zip's list of files is damaged", cause);
      }
    },
    read: (entry, entryLabel) => inflate(zip, entry, entryLabel),
    close: () => zip.close(),
  };
}

async function* inflate(zip: yauzl.ZipFile, entry: ZipEntry, label: string): AsyncIterable<Uint8Array> {
  let checksum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream as AsyncIterable<Buffer>) {
      checksum = crc32(piece, checksum);
      yield piece;
    }
  } catch (cause) {
    throw damaged(label, "its bytes in the zip are damaged", cause);
  }
  if (checksum !== entry.crc32) {
    throw damaged(label, "its bytes in the zip are damaged (the checksum differs)", undefined);
  }
}

function damaged(label: string, what: string, cause: unknown): MalformedInput {
  return new MalformedInput(`import ${label}: ${what}. Copy or export it again.`, {
    stage: "import",
    path: label,
    cause,
  });
}
