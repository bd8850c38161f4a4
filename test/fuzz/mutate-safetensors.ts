import type { Random } from "../../src/random.js";
import { below, cutAt, flipBits, HOSTILE_COUNTS, pick, putUint64 } from "./hostile.js";
import { mutateJson } from "./mutate-json.js";

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** A safetensors file with something wrong: in its length, its header, where tensors lie, or the values in them. */
export function mutateSafetensors(bytes: Buffer, random: Random): Buffer {
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, headerEnd)) as Record<string, Entry>;
  const data = bytes.subarray(headerEnd);
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const borders = [0, 8, headerEnd, ...names.map((name) => headerEnd + header[name]!.data_offsets[1])];
  const rebuilt = (text: Buffer) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, data]);
  };
  const moved = (change: (entry: Entry, other: Entry) => void) => {
    const copy = structuredClone(header);
    change(copy[pick(random, names)]!, copy[pick(random, names)]!);
    return rebuilt(Buffer.from(JSON.stringify(copy)));
  };
  const count = () => Number(pick(random, HOSTILE_COUNTS));
  return pick<() => Buffer>(random, [
    () => rebuilt(mutateJson(header, random)),
    () => rebuilt(mutateJson(header, random)),
    () => rebuilt(mutateJson(header, random)),
    () => putUint64(bytes, 0, pick(random, HOSTILE_COUNTS)),
    () => putUint64(bytes, 0, BigInt(headerEnd - 8 + pick(random, [-8, -1, 1, 8]))),
    () => cutAt(bytes, random, borders),
    () => flipBits(bytes, random, 0, headerEnd),
    () => flipBits(bytes, random, headerEnd, bytes.length),
    () => Buffer.concat([bytes, Buffer.alloc(1 + below(random, 64))]),
    // Two tensors in one place, one that overlaps another, one past the end, one that ends before it begins.
    () => moved((entry, other) => (entry.data_offsets = other.data_offsets)),
    () => moved((entry) => (entry.data_offsets[0] -= 2)),
    () => moved((entry) => (entry.data_offsets[1] = count())),
    () => moved((entry) => entry.data_offsets.reverse()),
    // No elements at all, along an axis that is endless.
    () =>
      moved((entry) => {
        entry.shape = pick(random, [[count(), 0], [0, count()], [count(), count(), 0], []]);
        entry.data_offsets = [data.length, data.length];
      }),
    () => {
      const extra = { dtype: "F16", shape: [count(), 0], data_offsets: [data.length, data.length] };
      return rebuilt(Buffer.from(JSON.stringify({ ...header, extra })));
    },
    () => moved((entry) => entry.shape.reverse()),
    () => moved((entry) => (entry.dtype = pick(random, ["F64", "BF16", "U8", "BOOL", "constructor", ""]))),
    () => endless(bytes, headerEnd, random),
  ])();
}

/** Float16 values that are no finite numbers. */
function endless(bytes: Buffer, headerEnd: number, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const values = (bytes.length - headerEnd) >> 1;
  changed.writeUInt16LE(
    pick(random, [0x7c00, 0xfc00, 0x7e00, 0x7bff]),
    headerEnd + 2 * below(random, values),
  );
  return changed;
}
