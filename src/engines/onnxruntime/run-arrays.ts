import { ropeFactors, type Rope } from "../../formats/rope.js";
import type { PackedRun } from "../../train/pack.js";
import { float32Tensor, int64Tensor, type Arrays } from "./ort-session.js";

/** Cosines and sines of all positions, [positions, headSize / 2], as inputs of the layers' graphs. */
export function rotaryArrays(rope: Rope, positions: number): Arrays {
  const half = rope.headSize / 2;
  const factors = ropeFactors(rope);
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position += 1) {
    for (let pair = 0; pair < half; pair += 1) {
      const angle = (position * rope.ropeTheta ** (-pair / half)) / factors[pair]!;
      cos[position * half + pair] = Math.cos(angle);
      sin[position * half + pair] = Math.sin(angle);
    }
  }
  return { cos: float32Tensor(cos, [positions, half]), sin: float32Tensor(sin, [positions, half]) };
}

/** Where a run's tokens are and what they may attend to, as inputs of the layers' graphs. */
export function layoutArrays(run: PackedRun): Arrays {
  const { bins, binLength } = run;
  return {
    positions: int64Tensor(run.positions, [1, run.ids.length]),
    tokens: int64Tensor(run.tokens, [bins, binLength]),
    places: int64Tensor(run.places, [run.ids.length]),
    ...sharedArrays(run),
    mask: float32Tensor(maskOf(run), [bins, 1, binLength, binLength]),
  };
}

/**
 * Where the gradients of keys and values of a row come from: one place, or several to be summed. Of a row's outputs
 * only the one at its first place is used, so only that place's gradient counts: `once` is 1 there.
 */
function sharedArrays({ places, sharedPlaces, bins, binLength }: PackedRun): Arrays {
  const shared = sharedPlaces.length;
  const copies = sharedPlaces.reduce((most, all) => Math.max(most, all.length), 1);
  const padded = new Int32Array(shared * copies);
  const mask = new Float32Array(shared * copies);
  sharedPlaces.forEach((all, row) => {
    padded.set(all, row * copies);
    mask.fill(1, row * copies, row * copies + all.length);
  });
  const once = new Float32Array(bins * binLength);
  for (const place of places) once[place] = 1;
  return {
    own_places: int64Tensor(places.subarray(shared), [places.length - shared]),
    shared_places: int64Tensor(padded, [shared, copies]),
    shared_mask: float32Tensor(mask, [shared, copies, 1]),
    once: float32Tensor(once, [bins, binLength, 1]),
  };
}

/**
 * What is added to attention scores: 0 for the same sample up to and including the place itself, else −1e30.
 * A place without a token sees itself only.
 */
function maskOf({ owners, bins, binLength }: PackedRun): Float32Array {
  const mask = new Float32Array(bins * binLength * binLength).fill(-1e30);
  for (let bin = 0; bin < bins; bin += 1) {
    const first = bin * binLength;
    for (let row = 0; row < binLength; row += 1) {
      const start = (first + row) * binLength;
      mask[start + row] = 0;
      const owner = owners[first + row]!;
      if (owner < 0) continue;
      // A sample's places lie side by side.
      for (let column = row - 1; owners[first + column] === owner && column >= 0; column -= 1) {
        mask[start + column] = 0;
      }
    }
  }
  return mask;
}
