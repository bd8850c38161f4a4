import * as Plot from "@observablehq/plot";
import { SYSTEM_KEYS, type Comparison, type SystemKey } from "../comparison.js";
import { percent } from "../words/figures.js";
import type { Words } from "../words/words.js";
import type { Html } from "./html.js";
import { chart, colourOf } from "./plot.js";

/** The share of broken replies of every system as bars, with its interval. */
export function brokenChart({ systems }: Comparison, words: Words, label: string): Html {
  const rows = SYSTEM_KEYS.map((key) => ({ key, ...systems[key].broken! }));
  return chart(label, (size) => ({
    height: 46 + rows.length * 32,
    marginLeft: size === "wide" ? 140 : 74,
    marginRight: 46,
    marginTop: 4,
    marginBottom: 30,
    x: { domain: [0, 1], label: null, tickFormat: percent, ticks: size === "wide" ? 10 : 5, grid: true },
    y: {
      domain: [...SYSTEM_KEYS],
      label: null,
      tickSize: 0,
      padding: 0.35,
      tickFormat: (key: SystemKey) => (size === "wide" ? words.systems : words.shortSystems)[key],
    },
    color: { type: "identity" },
    marks: [
      Plot.barX(rows, { y: "key", x: "share", fill: colourOf, rx: 3 }),
      Plot.ruleY(rows, { y: "key", x1: "low", x2: "high", stroke: "currentColor", strokeOpacity: 0.55 }),
      Plot.text(rows, {
        y: "key",
        x: "high",
        dx: 6,
        textAnchor: "start",
        text: ({ share }: { share: number }) => percent(share),
        fill: "currentColor",
        fontWeight: 650,
      }),
    ],
  }));
}
