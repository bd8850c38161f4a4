import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, trusted, type Html } from "./html.js";

/** The two sizes every chart is drawn in: a page shows the one that fits, so that letters stay readable. */
export const WIDTHS = { wide: 720, narrow: 350 } as const;
export type Size = keyof typeof WIDTHS;

/** The colour of a system, light or dark as the page is; the style sheet defines it. */
export function colourOf({ key }: { key: string }): string {
  return `var(--${key})`;
}

/**
 * A chart as inline SVG in both sizes.
 *
 * @param label what it shows, for those who cannot see it
 */
export function chart(label: string, options: (size: Size) => Plot.PlotOptions): Html {
  const draw = (size: Size): string => {
    const { document } = parseHTML("<!doctype html><html><body></body></html>");
    const svg = Plot.plot({
      document,
      width: WIDTHS[size],
      style: { background: "none", fontFamily: "inherit", fontSize: "12px", overflow: "visible" },
      ...options(size),
    });
    return svg.outerHTML;
  };
  return html`<figure class="chart" role="img" aria-label="${label}">
    <div class="wide">${trusted(draw("wide"))}</div>
    <div class="narrow">${trusted(draw("narrow"))}</div>
  </figure>`;
}
