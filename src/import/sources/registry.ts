import { imessageHtml } from "./imessage-html.js";
import { imessageTxt } from "./imessage-txt.js";
import { memotraceJson } from "./memotrace-json.js";
import { signalExportJsonl } from "./signal-export-jsonl.js";
import { signalExportMd } from "./signal-export-md.js";
import { signalJsonl } from "./signal-jsonl.js";
import { sigtopJson } from "./sigtop-json.js";
import { sigtopTxt } from "./sigtop-txt.js";
import type { Head, Source } from "./source.js";

/** Every format that can be imported; of equally sure ones the first reads the file. */
export const sources: readonly Source[] = [
  imessageHtml,
  imessageTxt,
  memotraceJson,
  signalExportJsonl,
  signalExportMd,
  signalJsonl,
  sigtopJson,
  sigtopTxt,
];

/** The source that knows a file's format, by its start; undefined if none does. */
export function recognise(head: Head): Source | undefined {
  let best: Source | undefined;
  let confidence = 0;
  for (const source of sources) {
    const sure = source.sniff(head);
    if (sure > confidence) [best, confidence] = [source, sure];
  }
  return best;
}
