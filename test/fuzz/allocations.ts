/** The most bytes that one call asked for since the last `restart`. */
export type Allocations = { restart: () => void; largest: () => number };

/**
 * Counts what the program asks for: every typed array and buffer made by length from now on, before it is made. An
 * array that a header asks for is noticed even where the system would give the memory only when it is touched.
 */
export function countAllocations(): Allocations {
  let largest = 0;
  const noted = (bytes: unknown) => {
    if (typeof bytes === "number" && bytes > largest) largest = bytes;
  };
  for (const name of ["Uint8Array", "Uint16Array", "Int32Array", "Float32Array", "Float64Array"] as const) {
    const { BYTES_PER_ELEMENT } = globalThis[name];
    const counted = new Proxy(globalThis[name], {
      construct: (target, args: [unknown], newTarget) => {
        if (typeof args[0] === "number") noted(args[0] * BYTES_PER_ELEMENT);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    Object.defineProperty(globalThis, name, { value: counted });
  }
  for (const name of ["alloc", "allocUnsafe"] as const) {
    const real = Buffer[name].bind(Buffer) as (bytes: number, ...rest: never[]) => Buffer;
    Object.defineProperty(Buffer, name, {
      value: (bytes: number, ...rest: never[]) => {
        noted(bytes);
        return real(bytes, ...rest);
      },
    });
  }
  return { restart: () => (largest = 0), largest: () => largest };
}
