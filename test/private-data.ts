import type { Detector, Span, Topic } from "../src/dialogue/privacy/detector.js";
import { Draw } from "../src/dialogue/privacy/draw.js";
import { isFree } from "../src/dialogue/privacy/find-private.js";
import { toHalfWidth } from "../src/dialogue/privacy/half-width.js";
import { pour } from "../src/dialogue/privacy/pour.js";

/** What a detector finds in a text, as it stands there. */
export function foundBy({ find }: Detector, text: string, ...topics: Topic[]): string[] {
  const spans: Span[] = [];
  for (const span of find(toHalfWidth(text), new Set(topics))) if (isFree(span, spans)) spans.push(span);
  return spans.sort((a, b) => a.start - b.start).map(({ start, end }) => text.slice(start, end));
}

/** Stand-ins for something, as they would be written in its place. */
export function standInsFor({ imagine }: Pick<Detector, "imagine">, found: string, count = 40): string[] {
  return Array.from({ length: count }, (_, at) =>
    pour(found, imagine(toHalfWidth(found), new Draw(Buffer.from("test"), String(at)))),
  );
}
