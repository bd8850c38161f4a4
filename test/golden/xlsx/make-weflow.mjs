// Writes test/exports/weflow-xlsx with the writer that WeFlow uses, ExcelJS 4.4.0, whose shared texts come last.
// npm install exceljs@4.4.0; node make-weflow.mjs
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ExcelJS from "exceljs";

const out = fileURLToPath(new URL("../../exports/weflow-xlsx/", import.meta.url));
const full = ["序号", "时间", "发送者昵称", "发送者微信ID", "发送者备注", "发送者身份", "消息类型", "内容"];
const mine = ["阿泽", "wxid_me0", "", "我"];
const hers = ["Lin", "wxid_demo1", "小满", "小满"];

async function write(name, about, header, rows) {
  const book = new ExcelJS.Workbook();
  book.creator = "WeFlow";
  book.created = new Date(0);
  const sheet = book.addWorksheet("聊天记录");
  sheet.addRow(["会话信息"]);
  sheet.addRow(about);
  sheet.mergeCells(2, 2, 2, 3);
  sheet.addRow(["导出工具", "WeFlow", "导出版本", "0.0.2", "平台", "wechat", "导出时间", "2024-05-02 08:00:00"]);
  sheet.addRow(header);
  for (const [number, height] of [25, 20, 20, 22].entries()) sheet.getRow(number + 1).height = height;
  rows.forEach((row, index) => sheet.addRow([index + 1, ...row]));
  await book.xlsx.writeFile(`${out}${name}`);
}

mkdirSync(out, { recursive: true });
await write("私聊_小满.xlsx", ["微信ID", "wxid_demo1", null, "昵称", "Lin", "备注", "小满"], full, [
  ["2024-05-01 16:00:00", ...hers, "文本消息", "到了没"],
  ["2024-05-01 16:01:00", ...mine, "引用消息", "快了[引用 小满：到了没]"],
  ["2024-05-01 16:01:10", ...hers, "图片消息", "images/a1.jpg"],
  ["2024-05-01 16:01:20", ...mine, "其他消息", "[红包]恭喜发财，大吉大利"],
  ["2024-05-01 16:01:30", ...hers, "其他消息", "说不清"],
  ["2024-05-01 16:01:40", ...hers, "系统消息", "以上是打招呼的内容"],
  ["昨天", ...hers, "文本消息", "没有时间"],
]);
await write("爬山群.xlsx", ["账号ID", "123@chatroom", null, "昵称", "爬山群"], ["序号", "时间", "发送者身份", "消息类型", "内容"], [
  ["2024-05-01 16:00:00", "小满", "文本消息", "周六去不去"],
  ["2024-05-01 16:01:00", "阿泽", "文本消息", "去"],
]);
