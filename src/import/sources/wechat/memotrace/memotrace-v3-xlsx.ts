import { workbookHead } from "../../../reading/xlsx-head.js";
import { readSheet } from "../../../reading/xlsx.js";
import { readV3Rows } from "./memotrace-v3-rows.js";
import type { Head, Source } from "../../source.js";

/** The sheet with the messages; the other one lists people. */
const SHEET = "聊天记录";

/**
 * MemoTrace (留痕) version 3 as an Excel workbook: `<remark>(<wxid>)/<remark>.xlsx`, the columns of its CSV.
 *
 * @source zprolab/WeChatMsg, exporter/exporter_xlsx.py (2025)
 */
export const memotraceV3Xlsx: Source = {
  id: "memotrace-v3-xlsx",
  label: "MemoTrace 3's workbook",
  platform: "wechat",
  rank: 4,
  sniff,
  read: (file, context) => readV3Rows(readSheet(file, SHEET), file, context),
};

/** Where neither the names of the columns nor of the sheets begin within the head, it may still be one of these. */
function sniff({ bytes }: Head): number {
  const head = workbookHead(bytes);
  if (head === undefined) return 0;
  return head.includes("消息ID") || head.includes(`"${SHEET}"`) ? 0.9 : 0.3;
}
