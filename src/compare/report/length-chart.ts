import * as Plot from "@observablehq/plot";
import { SYSTEM_KEYS, type Comparison, type SystemKey } from "../comparison.js";
import { whole } from "../words/figures.js";
import type { Words } from "../words/words.js";
import { lengthDensity } from "./density.js";
import type { Html } from "./html.js";
import { chart, colourOf } from "./plot.js";

/** Ridges of reply lengths, one a system, on a scale of doublings, with the median of each. */
export function lengthChart({ systems }: Comparison, words: Words, label: string): Html {
  const longest =
    2 ** Math.ceil(Math.log2(Math.max(32, ...SYSTEM_KEYS.flatMap((key) => systems[key].replyChars))));
  const curves = SYSTEM_KEYS.flatMap((key) =>
    lengthDensity(systems[key].replyChars, longest).map((point) => ({ ...point, key })),
  );
  const rugs = SYSTEM_KEYS.flatMap((key) =>
    systems[key].replyChars.map((length) => ({ key, length: Math.max(1, length) })),
  );
  const medians = SYSTEM_KEYS.map((key) => ({ key, median: Math.max(1, systems[key].medianReplyChars) }));
  return chart(label, (size) => ({
    height: size === "wide" ? 380 : 350,
    marginLeft: size === "wide" ? 140 : 74,
    marginRight: 14,
    marginTop: 22,
    marginBottom: 40,
    x: {
      type: "log",
      base: 2,
      domain: [1, longest],
      label: words.axes.characters,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: powers(longest, size === "wide" ? 1 : 2),
      tickFormat: (value: number) => String(value),
      grid: true,
    },
    y: { domain: [-0.14, 1.25], axis: null },
    fy: { domain: [...SYSTEM_KEYS], label: null, padding: 0.08 },
    color: { type: "identity" },
    marks: [
      Plot.axisFy({
        anchor: "left",
        label: null,
        tickSize: 0,
        tickFormat: (key: SystemKey) => (size === "wide" ? words.systems : words.shortSystems)[key],
      }),
      Plot.areaY(curves, {
        x: "x",
        y: "y",
        fy: "key",
        z: "key",
        fill: colourOf,
        fillOpacity: 0.22,
        curve: "basis",
      }),
      Plot.lineY(curves, {
        x: "x",
        y: "y",
        fy: "key",
        z: "key",
        stroke: colourOf,
        strokeWidth: 1.8,
        curve: "basis",
      }),
      Plot.ruleX(rugs, {
        x: "length",
        fy: "key",
        y1: -0.14,
        y2: -0.02,
        stroke: colourOf,
        strokeOpacity: 0.4,
      }),
      Plot.ruleX(medians, { x: "median", fy: "key", y1: 0, y2: 1, stroke: colourOf, strokeWidth: 2 }),
      Plot.text(medians, {
        x: "median",
        fy: "key",
        y: 1,
        dy: -8,
        text: ({ median }: { median: number }) => whole(median),
        fill: "currentColor",
        fontWeight: 650,
        stroke: "var(--card)",
        strokeWidth: 4,
      }),
    ],
  }));
}

function powers(longest: number, step: number): number[] {
  return Array.from({ length: Math.floor(Math.log2(longest) / step) + 1 }, (_, index) => 2 ** (index * step));
}
