import type { Head, Source } from "./source.js";
import { chatlabJson } from "./chatlab/chatlab-json.js";
import { chatlabJsonl } from "./chatlab/chatlab-jsonl.js";
import { chatlogCsv } from "./wechat/chatlog/chatlog-csv.js";
import { chatlogJson } from "./wechat/chatlog/chatlog-json.js";
import { chatlogTxt } from "./wechat/chatlog/chatlog-txt.js";
import { discordCsv } from "./discord/discord-csv.js";
import { discordJson } from "./discord/discord-json.js";
import { discordPackage } from "./discord/discord-package.js";
import { echotraceJson } from "./wechat/echotrace-json.js";
import { imessageHtml } from "./imessage/imessage-html.js";
import { imessageTxt } from "./imessage/imessage-txt.js";
import { kakaotalkCsv } from "./kakaotalk/kakaotalk-csv.js";
import { kakaotalkTxt } from "./kakaotalk/kakaotalk-txt.js";
import { lineTxt } from "./line/line-txt.js";
import { memotraceAiTxt } from "./wechat/memotrace/memotrace-ai-txt.js";
import { memotraceHtml } from "./wechat/memotrace/memotrace-html.js";
import { memotraceHtmlJson } from "./wechat/memotrace/memotrace-html-json.js";
import { memotraceJson } from "./wechat/memotrace/memotrace-json.js";
import { memotraceTxt } from "./wechat/memotrace/memotrace-txt.js";
import { memotraceV2Csv } from "./wechat/memotrace/memotrace-v2-csv.js";
import { memotraceV3Csv } from "./wechat/memotrace/memotrace-v3-csv.js";
import { memotraceV3Xlsx } from "./wechat/memotrace/memotrace-v3-xlsx.js";
import { messengerE2eeJson } from "./meta/messenger-e2ee-json.js";
import { metaJson } from "./meta/meta-json.js";
import { plainCsv } from "./table/plain-csv.js";
import { pywxdumpCsv } from "./wechat/pywxdump/pywxdump-csv.js";
import { pywxdumpJson } from "./wechat/pywxdump/pywxdump-json.js";
import { qqMht } from "./qq/qq-mht.js";
import { qqTxt } from "./qq/qq-txt.js";
import { qqchatexporterJson } from "./qq/qqchatexporter-json.js";
import { qqchatexporterJsonl } from "./qq/qqchatexporter-jsonl.js";
import { qqchatexporterTxt } from "./qq/qqchatexporter-txt.js";
import { qqchatexporterXlsx } from "./qq/qqchatexporter-xlsx.js";
import { sharegptJson } from "./training/sharegpt-json.js";
import { signalExportJsonl } from "./signal/signal-export-jsonl.js";
import { signalExportMd } from "./signal/signal-export-md.js";
import { signalJsonl } from "./signal/signal-jsonl.js";
import { sigtopJson } from "./signal/sigtop-json.js";
import { sigtopTxt } from "./signal/sigtop-txt.js";
import { slackJson } from "./slack/slack-json.js";
import { telegramJson } from "./telegram/telegram-json.js";
import { trainingJsonl } from "./training/training-jsonl.js";
import { trainingText } from "./training/training-text.js";
import { wechatexporterHtml } from "./wechat/wechatexporter/wechatexporter-html.js";
import { wechatexporterTxt } from "./wechat/wechatexporter/wechatexporter-txt.js";
import { wechatmsg4xCsv } from "./wechat/wechatmsg-4x/wechatmsg-4x-csv.js";
import { wechatmsg4xJson } from "./wechat/wechatmsg-4x/wechatmsg-4x-json.js";
import { wechatmsg4xTxt } from "./wechat/wechatmsg-4x/wechatmsg-4x-txt.js";
import { weflowCsv } from "./wechat/weflow/weflow-csv.js";
import { weflowHtml } from "./wechat/weflow/weflow-html.js";
import { weflowJson } from "./wechat/weflow/weflow-json.js";
import { weflowTxt } from "./wechat/weflow/weflow-txt.js";
import { weflowXlsx } from "./wechat/weflow/weflow-xlsx.js";
import { whatsappTxt } from "./whatsapp/whatsapp-txt.js";

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
