import * as Plot from "@observablehq/plot";
import { MODEL_KEYS, type Comparison, type ModelKey } from "../comparison.js";
import { change, decimal } from "../words/figures.js";
import type { Words } from "../words/words.js";
import type { Html } from "./html.js";
import { chart } from "./plot.js";

/** Surprise per character of every model, with its interval. */
export function surpriseChart({ systems }: Comparison, words: Words, label: string): Html {
  const rows = MODEL_KEYS.map((key) => {
    const value = systems[key].nllPerChar ?? 0;
    const [low, high] = systems[key].intervals.nllPerChar ?? [value, value];
    return { key, value, low, high };
  });
  return intervalChart(rows, words.axes.surprise, label, {
    name: (key, size) => (size === "wide" ? words.systems : words.shortSystems)[key as ModelKey],
    paint: (key) => `var(--${key})`,
    write: (value) => decimal(value, 2),
  });
}

/** What tuning and rounding change, each on its own, with its interval and a line at no change. */
export function effectChart({ effects }: Comparison, words: Words, label: string): Html {
  const rows = (["tuning", "rounding", "baseRounding"] as const).map((key) => {
    const { value, interval } = effects[key].nllChange;
    return { key, value, low: interval?.[0] ?? value, high: interval?.[1] ?? value };
  });
  return intervalChart(rows, words.axes.change, label, {
    name: (key) => words.effects[key as keyof Words["effects"]],
    paint: (key) => `var(--${{ tuning: "f16", rounding: "q4", baseRounding: "baseQ4" }[key]})`,
    write: change,
    zero: true,
  });
}

type Row = { key: string; value: number; low: number; high: number };
type Looks = {
  name: (key: string, size: "wide" | "narrow") => string;
  paint: (key: string) => string;
  write: (value: number) => string;
  zero?: boolean;
};

function intervalChart(rows: readonly Row[], axis: string, label: string, looks: Looks): Html {
  const low = Math.min(...rows.map((row) => row.low), ...(looks.zero ? [0] : []));
  const high = Math.max(...rows.map((row) => row.high), ...(looks.zero ? [0] : []));
  const room = Math.max((high - low) * 0.12, 0.01);
  const paint = ({ key }: Row): string => looks.paint(key);
  return chart(label, (size) => ({
    height: 62 + rows.length * 34,
    marginLeft: size === "wide" ? 140 : 108,
    marginRight: 24,
    marginTop: 8,
    marginBottom: 40,
    x: {
      domain: [low - room, high + room],
      label: axis,
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      ticks: size === "wide" ? 7 : 4,
      ...(looks.zero && { tickFormat: change }),
    },
    y: {
      domain: rows.map(({ key }) => key),
      label: null,
      tickSize: 0,
      tickFormat: (key: string) => looks.name(key, size),
    },
    color: { type: "identity" },
    marks: [
      ...(looks.zero ? [Plot.ruleX([0], { stroke: "currentColor", strokeOpacity: 0.5 })] : []),
      Plot.ruleY(rows, {
        y: "key",
        x1: "low",
        x2: "high",
        stroke: paint,
        strokeWidth: 6,
        strokeOpacity: 0.3,
        strokeLinecap: "round",
      }),
      Plot.dot(rows, { y: "key", x: "value", fill: paint, r: 5.5 }),
      Plot.text(rows, {
        y: "key",
        x: "value",
        dy: -13,
        text: ({ value }: Row) => looks.write(value),
        fill: "currentColor",
        fontWeight: 650,
      }),
    ],
  }));
}
