/** Where the numbers and texts of a GGUF header stand; an own walk over a file that is known to be whole. */
export type GgufFields = {
  /** Positions of 64-bit lengths, counts, dimensions and offsets. */
  wide: number[];
  /** Positions of 32-bit version, types and numbers of dimensions. */
  narrow: number[];
  /** Positions and lengths of keys, names and texts. */
  texts: { at: number; length: number }[];
  /** Positions of single numbers among the metadata, with their type. */
  numbers: { at: number; type: number }[];
  dataStart: number;
};

/** Bytes of a metadata value by its type number; 0 for texts and lists. @source GGUF specification */
const SIZES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const STRING = 8;
const LIST = 9;

/** The fields of a GGUF file. */
export function ggufFields(bytes: Buffer): GgufFields {
  const fields: GgufFields = { wide: [8, 16], narrow: [0, 4], texts: [], numbers: [], dataStart: 0 };
  let at = 24;
  const wide = (): number => {
    fields.wide.push(at);
    at += 8;
    return Number(bytes.readBigUInt64LE(at - 8));
  };
  const narrow = (): number => {
    fields.narrow.push(at);
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  const text = (): void => {
    const length = wide();
    fields.texts.push({ at, length });
    at += length;
  };
  const value = (type: number, single: boolean): void => {
    if (type === STRING) return text();
    if (type === LIST) {
      const of = narrow();
      for (let left = wide(); left > 0; left -= 1) value(of, false);
      return;
    }
    if (single) fields.numbers.push({ at, type });
    at += SIZES[type]!;
  };
  const tensors = Number(bytes.readBigUInt64LE(8));
  const keys = Number(bytes.readBigUInt64LE(16));
  for (let key = 0; key < keys; key += 1) {
    text();
    value(narrow(), true);
  }
  for (let tensor = 0; tensor < tensors; tensor += 1) {
    text();
    for (let left = narrow(); left > 0; left -= 1) wide();
    narrow();
    wide();
  }
  fields.dataStart = Math.ceil(at / 32) * 32;
  return fields;
}
