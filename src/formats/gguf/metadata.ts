import { MalformedInput } from "../../errors.js";

export type GgufNumberType =
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "float32"
  | "uint64"
  | "int64"
  | "float64";

/** A metadata value with its stored type. 64-bit whole numbers are exact up to 2^53; a list of truths holds 0 and 1. */
export type GgufValue =
  | { type: GgufNumberType; value: number }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string }
  | { type: "array"; of: GgufNumberType; value: ArrayLike<number> }
  | { type: "array"; of: "bool"; value: ArrayLike<number> }
  | { type: "array"; of: "string"; value: readonly string[] };

/** Metadata by key, such as `general.architecture`, in the order of the file. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** Value types as the file numbers them. @source GGUF specification, gguf_metadata_value_type */
export const VALUE_TYPE_IDS = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

export const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
export const float32 = (value: number): GgufValue => ({ type: "float32", value });
export const bool = (value: boolean): GgufValue => ({ type: "bool", value });
export const string = (value: string): GgufValue => ({ type: "string", value });
export const strings = (value: readonly string[]): GgufValue => ({ type: "array", of: "string", value });
export const int32s = (value: ArrayLike<number>): GgufValue => ({ type: "array", of: "int32", value });

/** Reads typed values out of metadata; a key that is there with another type is an error, an absent one is undefined. */
export class MetadataReader {
  readonly #metadata: GgufMetadata;
  readonly #stage: string;
  readonly #file: string;

  /** Errors name the stage and the file. */
  constructor(metadata: GgufMetadata, stage: string, file: string) {
    this.#metadata = metadata;
    this.#stage = stage;
    this.#file = file;
  }

  number(key: string): number | undefined {
    const found = this.#metadata.get(key);
    if (found === undefined || typeof found.value === "number") return found?.value;
    return this.#refuse(key, "a number");
  }

  boolean(key: string): boolean | undefined {
    const found = this.#metadata.get(key);
    if (found === undefined || found.type === "bool") return found?.value;
    return this.#refuse(key, "true or false");
  }

  string(key: string): string | undefined {
    const found = this.#metadata.get(key);
    if (found === undefined || found.type === "string") return found?.value;
    return this.#refuse(key, "a text");
  }

  strings(key: string): readonly string[] | undefined {
    const found = this.#metadata.get(key);
    if (found === undefined || (found.type === "array" && found.of === "string")) return found?.value;
    return this.#refuse(key, "a list of texts");
  }

  /** A value that has to be there. */
  require<Value>(key: string, value: Value | undefined): Value {
    return value ?? this.#refuse(key, "there");
  }

  #refuse(key: string, expected: string): never {
    const message = `${this.#stage} ${this.#file}: metadata "${key}" is not ${expected}. Fetch or make the file again.`;
    throw new MalformedInput(message, { stage: this.#stage, path: this.#file });
  }
}
