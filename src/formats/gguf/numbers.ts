import type { GgufNumberType } from "./metadata.js";

/** How one type of number is stored, little-endian, and the array that holds many of it. */
type NumberCodec = {
  bytes: number;
  /** For 64-bit whole numbers one of doubles, exact up to 2^53. */
  list: (length: number) => { [index: number]: number; readonly length: number };
  read: (view: DataView, at: number) => number;
  write: (view: DataView, at: number, value: number) => void;
};

export const NUMBERS: Readonly<Record<GgufNumberType, NumberCodec>> = {
  uint8: {
    bytes: 1,
    list: (length) => new Uint8Array(length),
    read: (view, at) => view.getUint8(at),
    write: (view, at, value) => view.setUint8(at, value),
  },
  int8: {
    bytes: 1,
    list: (length) => new Int8Array(length),
    read: (view, at) => view.getInt8(at),
    write: (view, at, value) => view.setInt8(at, value),
  },
  uint16: {
    bytes: 2,
    list: (length) => new Uint16Array(length),
    read: (view, at) => view.getUint16(at, true),
    write: (view, at, value) => view.setUint16(at, value, true),
  },
  int16: {
    bytes: 2,
    list: (length) => new Int16Array(length),
    read: (view, at) => view.getInt16(at, true),
    write: (view, at, value) => view.setInt16(at, value, true),
  },
  uint32: {
    bytes: 4,
    list: (length) => new Uint32Array(length),
    read: (view, at) => view.getUint32(at, true),
    write: (view, at, value) => view.setUint32(at, value, true),
  },
  int32: {
    bytes: 4,
    list: (length) => new Int32Array(length),
    read: (view, at) => view.getInt32(at, true),
    write: (view, at, value) => view.setInt32(at, value, true),
  },
  float32: {
    bytes: 4,
    list: (length) => new Float32Array(length),
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  uint64: {
    bytes: 8,
    list: (length) => new Float64Array(length),
    read: (view, at) => Number(view.getBigUint64(at, true)),
    write: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  },
  int64: {
    bytes: 8,
    list: (length) => new Float64Array(length),
    read: (view, at) => Number(view.getBigInt64(at, true)),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  float64: {
    bytes: 8,
    list: (length) => new Float64Array(length),
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
};
