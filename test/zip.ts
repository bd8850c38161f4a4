import { crc32 } from "node:zlib";

/** An entry that is deflated already: its bytes and how many it says they become, or other things it claims. */
export type PackedEntry = {
  packed: Uint8Array;
  size: number;
  checksum?: number;
  flags?: number;
  method?: number;
};

/**
 * A zip as small as one can be, its entries stored as they are.
 *
 * @param packed entries with fields of their own; one that `entries` has too takes its place
 */
export function zipOf(
  entries: Record<string, Uint8Array>,
  packed: Record<string, PackedEntry> = {},
  encodeName: (name: string) => Uint8Array = (name) => Buffer.from(name),
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const all: Record<string, Uint8Array | PackedEntry> = { ...entries, ...packed };
  for (const [key, entry] of Object.entries(all)) {
    const stored = entry instanceof Uint8Array;
    const bytes = stored ? entry : entry.packed;
    const name = encodeName(key);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(stored ? 0 : (entry.flags ?? 0), 2);
    fields.writeUInt16LE(stored ? 0 : (entry.method ?? 8), 4);
    fields.writeUInt32LE(stored ? crc32(bytes) : (entry.checksum ?? 0), 10);
    fields.writeUInt32LE(bytes.byteLength, 14);
    fields.writeUInt32LE(stored ? bytes.byteLength : entry.size, 18);
    fields.writeUInt16LE(name.byteLength, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, name, bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, place, name]));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}
