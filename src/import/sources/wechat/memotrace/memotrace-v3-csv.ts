import { readCsv } from "../../../reading/csv.js";
import { readV3Rows, V3_HEADER } from "./memotrace-v3-rows.js";
import type { Source } from "../../source.js";
import { startsWithHeader } from "../../table/table-header.js";

/**
 * MemoTrace (留痕) version 3 as CSV: `<remark>(<wxid>)/<remark>.csv`.
 *
 * @source zprolab/WeChatMsg, exporter/exporter_csv.py (2025)
 */
export const memotraceV3Csv: Source = {
  id: "memotrace-v3-csv",
  label: "MemoTrace 3's CSV",
  platform: "wechat",
  rank: 4,
  sniff: ({ text }) => (startsWithHeader(text, V3_HEADER) ? 0.95 : 0),
  read: (file, context) => readV3Rows(readCsv(file), file, context),
};
