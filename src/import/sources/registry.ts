import type { Head, Source } from "./source.js";
import { chatlabJson } from "./chatlab-json.js";
import { chatlabJsonl } from "./chatlab-jsonl.js";
import { chatlogCsv } from "./chatlog-csv.js";
import { chatlogJson } from "./chatlog-json.js";
import { chatlogTxt } from "./chatlog-txt.js";
import { discordCsv } from "./discord-csv.js";
import { discordJson } from "./discord-json.js";
import { discordPackage } from "./discord-package.js";
import { echotraceJson } from "./echotrace-json.js";
import { imessageHtml } from "./imessage-html.js";
import { imessageTxt } from "./imessage-txt.js";
import { kakaotalkCsv } from "./kakaotalk-csv.js";
import { kakaotalkTxt } from "./kakaotalk-txt.js";
import { lineTxt } from "./line-txt.js";
import { memotraceAiTxt } from "./memotrace-ai-txt.js";
import { memotraceHtml } from "./memotrace-html.js";
import { memotraceHtmlJson } from "./memotrace-html-json.js";
import { memotraceJson } from "./memotrace-json.js";
import { memotraceTxt } from "./memotrace-txt.js";
import { memotraceV2Csv } from "./memotrace-v2-csv.js";
import { memotraceV3Csv } from "./memotrace-v3-csv.js";
import { memotraceV3Xlsx } from "./memotrace-v3-xlsx.js";
import { messengerE2eeJson } from "./messenger-e2ee-json.js";
import { metaJson } from "./meta-json.js";
import { plainCsv } from "./plain-csv.js";
import { pywxdumpCsv } from "./pywxdump-csv.js";
import { pywxdumpJson } from "./pywxdump-json.js";
import { qqMht } from "./qq-mht.js";
import { qqTxt } from "./qq-txt.js";
import { qqchatexporterJson } from "./qqchatexporter-json.js";
import { qqchatexporterJsonl } from "./qqchatexporter-jsonl.js";
import { qqchatexporterTxt } from "./qqchatexporter-txt.js";
import { qqchatexporterXlsx } from "./qqchatexporter-xlsx.js";
import { sharegptJson } from "./sharegpt-json.js";
import { signalExportJsonl } from "./signal-export-jsonl.js";
import { signalExportMd } from "./signal-export-md.js";
import { signalJsonl } from "./signal-jsonl.js";
import { sigtopJson } from "./sigtop-json.js";
import { sigtopTxt } from "./sigtop-txt.js";
import { slackJson } from "./slack-json.js";
import { telegramJson } from "./telegram-json.js";
import { trainingJsonl } from "./training-jsonl.js";
import { trainingText } from "./training-text.js";
import { wechatexporterHtml } from "./wechatexporter-html.js";
import { wechatexporterTxt } from "./wechatexporter-txt.js";
import { wechatmsg4xCsv } from "./wechatmsg-4x-csv.js";
import { wechatmsg4xJson } from "./wechatmsg-4x-json.js";
import { wechatmsg4xTxt } from "./wechatmsg-4x-txt.js";
import { weflowCsv } from "./weflow-csv.js";
import { weflowHtml } from "./weflow-html.js";
import { weflowJson } from "./weflow-json.js";
import { weflowTxt } from "./weflow-txt.js";
import { weflowXlsx } from "./weflow-xlsx.js";
import { whatsappTxt } from "./whatsapp-txt.js";

/** Every format that can be imported; of equally sure ones the first reads the file. */
export const sources: readonly Source[] = [
  chatlabJson,
  chatlabJsonl,
  chatlogCsv,
  chatlogJson,
  chatlogTxt,
  discordCsv,
  discordJson,
  discordPackage,
  echotraceJson,
  imessageHtml,
  imessageTxt,
  kakaotalkCsv,
  kakaotalkTxt,
  lineTxt,
  memotraceAiTxt,
  memotraceHtml,
  memotraceHtmlJson,
  memotraceJson,
  memotraceTxt,
  memotraceV2Csv,
  memotraceV3Csv,
  memotraceV3Xlsx,
  messengerE2eeJson,
  metaJson,
  plainCsv,
  pywxdumpCsv,
  pywxdumpJson,
  qqMht,
  qqTxt,
  qqchatexporterJson,
  qqchatexporterJsonl,
  qqchatexporterTxt,
  qqchatexporterXlsx,
  sharegptJson,
  signalExportJsonl,
  signalExportMd,
  signalJsonl,
  sigtopJson,
  sigtopTxt,
  slackJson,
  telegramJson,
  trainingJsonl,
  trainingText,
  wechatexporterHtml,
  wechatexporterTxt,
  wechatmsg4xCsv,
  wechatmsg4xJson,
  wechatmsg4xTxt,
  weflowCsv,
  weflowHtml,
  weflowJson,
  weflowTxt,
  weflowXlsx,
  whatsappTxt,
];

/**
 * The source that knows a file's format, by its start; undefined if none does.
 *
 * @param namesColumns whether the person has said which columns of tables hold what
 */
export function recognise(head: Head, namesColumns = false): Source | undefined {
  let best: Source | undefined;
  let confidence = 0;
  for (const source of sources) {
    if (source.needsColumns && !namesColumns) continue;
    const sure = source.sniff(head);
    if (sure > confidence) [best, confidence] = [source, sure];
  }
  return best;
}

/** Whether a file holds no chats, but goes with some format and is read with its files. */
export function isCompanion(head: Head): boolean {
  return sources.some((source) => source.isCompanion?.(head) === true);
}

/** Whether a file could be read if the person said which column holds what. */
export function lacksColumns(head: Head): boolean {
  return sources.some((source) => source.needsColumns && source.sniff(head) > 0);
}
