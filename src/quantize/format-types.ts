/**
 * Which type each tensor of a quantized file got, as lines of text: layers together where they agree.
 *
 * @param tensors type by GGUF name, such as `blk.0.attn_q.weight`
 * @example formatTypes({ "blk.0.attn_v.weight": "Q8_0", "blk.1.attn_v.weight": "Q5_0" })
 *   // ["attn_v.weight  Q8_0 in layer 0, Q5_0 in layer 1"]
 */
export function formatTypes(tensors: Readonly<Record<string, string>>): string[] {
  const roles = new Map<string, Map<string, number[]>>();
  for (const [name, type] of Object.entries(tensors)) {
    const [, layer, role] = /^(?:blk\.(\d+)\.)?(.*)$/.exec(name)!;
    const types = roles.get(role!) ?? new Map<string, number[]>();
    roles.set(role!, types);
    types.set(type, [...(types.get(type) ?? []), ...(layer === undefined ? [] : [Number(layer)])]);
  }
  const width = Math.max(...[...roles.keys()].map((role) => role.length));
  return [...roles].map(([role, types]) => {
    const parts = [...types].map(([type, layers]) => {
      if (layers.length === 0 || types.size === 1) return type;
      return `${type} in ${layers.length === 1 ? "layer" : "layers"} ${ranges(layers)}`;
    });
    return `${role.padEnd(width)}  ${parts.join(", ")}`;
  });
}

/** 0, 1, 2, 5 as `0–2 5`. */
function ranges(layers: readonly number[]): string {
  const parts: [first: number, last: number][] = [];
  for (const layer of [...layers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && layer === last[1] + 1) last[1] = layer;
    else parts.push([layer, layer]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(" ");
}
