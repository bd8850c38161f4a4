import { SYSTEM_KEYS, type Comparison } from "../comparison.js";
import { BREAKAGES } from "../measures/broken.js";
import { size } from "../words/figures.js";
import { tabulate } from "../words/table.js";
import type { Words } from "../words/words.js";
import { html, type Html } from "./html.js";

/** How many replies are broken in each way, for the ways that occur. */
export function breakageTable({ systems }: Comparison, words: Words): Html | null {
  const kinds = BREAKAGES.filter((kind) => SYSTEM_KEYS.some((key) => systems[key].brokenBy[kind] > 0));
  if (kinds.length === 0) return null;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th></th>
          ${SYSTEM_KEYS.map((key) => html`<th scope="col"><i class="dot ${key}"></i>${words.shortSystems[key]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${kinds.map(
          (kind) =>
            html`<tr>
              <th scope="row">${words.breakages[kind]}</th>
              ${SYSTEM_KEYS.map((key) => {
                const count = systems[key].brokenBy[kind];
                return html`<td class="${count === 0 ? "zero" : ""}">${count}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Every figure of every system. */
export function figureTable(comparison: Comparison, words: Words): Html {
  const { head, rows } = tabulate(comparison, words);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name!}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The model files that were compared. */
export function fileTable({ systems }: Comparison, words: Words): Html {
  const { columns } = words.method;
  return html`<div class="scroll">
    <table class="files">
      <thead>
        <tr>
          ${Object.values(columns).map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${SYSTEM_KEYS.filter((key) => systems[key].file !== null).map(
          (key) =>
            html`<tr>
              <th scope="row">${words.systems[key]}</th>
              <td>${systems[key].file}</td>
              <td>${size(systems[key].sizeBytes ?? 0)}</td>
              <td><code>${systems[key].hash}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
