"""Writes the workbooks of this folder: openpyxl 3.1 (shared texts) and XlsxWriter 3.3 (inline texts, dates from 1904).

pip install openpyxl==3.1.5 XlsxWriter==3.3.1; python make-workbooks.py
"""

import datetime
from pathlib import Path

import openpyxl
import xlsxwriter

HERE = Path(__file__).parent
HEADER = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]
TIME = datetime.datetime(2024, 5, 1, 16, 0, 7)

book = openpyxl.Workbook()
book.active.title = "成员信息"
book.active.append(["只有一行"])
sheet = book.create_sheet("聊天记录")
sheet.append(HEADER)
sheet.append(["7000000000000000001", "文本", "小满", "2024-05-01 16:00:00", "明天 <几点> & _x000D_\n\"两行\"", "小满", "Lin", "more"])
sheet.append(["7000000000000000002", "文本", "阿泽", TIME, "八点😄", None, "阿泽", None])
sheet.append([])
sheet.append([3, True, 1.5, TIME.time(), 1714550400, "=1+1", "  spaces  ", TIME.date()])
sheet["D6"] = 45413.5
sheet["D6"].number_format = 'yyyy"年"m"月"d"日" hh:mm'
sheet["E6"] = 45413.5
sheet["E6"].number_format = '[Red]0.00" days"'
book.save(HERE / "openpyxl.xlsx")

book = xlsxwriter.Workbook(HERE / "xlsxwriter.xlsx", {"constant_memory": True, "date_1904": True})
sheet = book.add_worksheet("聊天记录")
for column, text in enumerate(HEADER[:4]):
    sheet.write_string(0, column, text)
sheet.write_string(1, 0, "7000000000000000001")
sheet.write_datetime(1, 3, TIME, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))
sheet.write_rich_string(2, 1, "bold ", book.add_format({"bold": True}), "words", "\n again")
sheet.write_number(3, 0, 7e18)
sheet.write_number(3, 1, 12345678901)
book.close()
