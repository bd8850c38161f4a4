"""Writes test/exports/qqchatexporter-xlsx as the exporter does: XlsxWriter 3.3, row by row, texts within the cells.

pip install XlsxWriter==3.3.1; python make-qqchatexporter.py
"""

from pathlib import Path

import xlsxwriter

OUT = Path(__file__).parents[2] / "exports" / "qqchatexporter-xlsx"
HEADER = ["序号", "时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回", "资源数量"]
FRIEND = [
    ["2024-05-01T16:00:00+08:00", "小满", "10002", "文本", "到了没", "否", 0],
    ["2024-05-01T16:01:00+08:00", "阿泽", "10001", "回复", "[回复消息]快了/微笑", "否", 0],
    ["2024-05-01 16:01:30", "小满", "10002", "文本", "看这个[图片:a1.jpg]", "否", 1],
    ["2024-05-01T16:02:00+08:00", "阿泽", "10001", "文本", "我说错了", "是", 0],
    ["2024-05-01T16:02:10+08:00", "系统消息", "0", "系统消息", "小满戳了戳阿泽", "否", 0],
    ["明天", "阿泽", "10001", "文本", "没有时间", "否", 0],
]
GROUP = [
    ["2024-05-01T16:00:00+08:00", "小北", "10003", "活跃", "文本", "@阿泽 周六去不去", "否", 0],
    ["2024-05-01T16:01:00+08:00", "阿泽", "10001", "", "文本", "去", "否", 0],
]


def write(name, header, rows):
    book = xlsxwriter.Workbook(OUT / name, {"constant_memory": True})
    sheet = book.add_worksheet("聊天记录")
    sheet.write_row(0, 0, header)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [number, *row])
    book.add_worksheet("统计信息").write_row(0, 0, ["统计项目", "数值"])
    book.close()


OUT.mkdir(parents=True, exist_ok=True)
write("friend_10002_20240501.xlsx", HEADER, FRIEND)
write("group_70001_20240501.xlsx", [*HEADER[:4], "群头衔", *HEADER[4:]], GROUP)
