import * as Plot from "@observablehq/plot";
import { type Comparison, type Habit, type SystemKey } from "../comparison.js";
import { percent } from "../words/figures.js";
import { shownHabits } from "../words/readings.js";
import type { Words } from "../words/words.js";
import type { Html } from "./html.js";
import { chart, colourOf } from "./plot.js";

type Dot = { habit: Habit; key: SystemKey; share: number };

/** A row a habit: a ring where the person is, a dot for each model, a line from the stock model to the tuned one. */
export function habitChart(comparison: Comparison, words: Words, label: string): Html {
  const habits = shownHabits(comparison);
  const shareOf = (key: SystemKey, habit: Habit): number => comparison.systems[key].habits[habit]?.share ?? 0;
  const dotsOf = (key: SystemKey): Dot[] =>
    habits.map((habit) => ({ habit, key, share: shareOf(key, habit) }));
  const ways = habits.map((habit) => ({ habit, from: shareOf("base", habit), to: shareOf("f16", habit) }));
  const models = (["base", "f16", "q4"] as const).flatMap(dotsOf);
  return chart(label, (size) => {
    const wide = size === "wide";
    return {
      height: 50 + habits.length * (wide ? 38 : 52),
      marginLeft: wide ? 190 : 14,
      marginRight: 20,
      marginTop: 10,
      marginBottom: 36,
      x: {
        domain: [0, 1],
        insetLeft: wide ? 14 : 0,
        label: words.axes.share,
        labelAnchor: "center",
        labelArrow: "none",
        tickFormat: percent,
        ticks: wide ? 10 : 5,
        grid: true,
      },
      y: { domain: habits, axis: null },
      color: { type: "identity" },
      marks: [
        wide
          ? Plot.axisY({ label: null, tickSize: 0, tickFormat: (habit: Habit) => words.habits[habit] })
          : Plot.text(habits, {
              y: (habit: Habit) => habit,
              frameAnchor: "left",
              dx: -8,
              dy: -18,
              text: (habit: Habit) => words.habits[habit],
              fill: "currentColor",
            }),
        Plot.ruleY(habits, { y: (habit: Habit) => habit, stroke: "currentColor", strokeOpacity: 0.12 }),
        Plot.ruleY(ways, {
          y: "habit",
          x1: "from",
          x2: "to",
          stroke: "var(--f16)",
          strokeOpacity: 0.35,
          strokeWidth: 3,
        }),
        Plot.dot(models, { y: "habit", x: "share", fill: colourOf, r: 5 }),
        Plot.dot(dotsOf("real"), { y: "habit", x: "share", stroke: "var(--real)", strokeWidth: 2.5, r: 9 }),
      ],
    };
  });
}
